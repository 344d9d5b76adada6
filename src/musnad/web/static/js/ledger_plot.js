/* Ledger plot: what different sources say about one number, over time: a bar from low to high, a point at the value, a colour and a shape by source.

Data: a list of figures about the same thing in the same unit:
  [{"day": "2014-09-22", "low": 51, "high": 60, "bound": "exact", "source": "…", "href": "/reports/…#f…", "text": "…"}, …]
bound: exact, about, more_than, at_least, less_than, at_most (an open side is drawn as an arrow); source: the name shown; href: where the evidence
stands; text: the words in the report. Without `day` a figure isn't drawn, but stands in the table.

Element: data-view="ledger" and what visual.js says. Points are links, reached with Tab.
Texts: day, source, figure ("Figure"), others ("Other sources"), unit (name of the unit, at the axis), exact, about, more_than, at_least, less_than,
at_most (with {n}: "more than {n}"), range ("{low} to {high}"). Height: 260 unless data-height. */

import { axisX, axisY, dot, gridY, link, plot, ruleY } from "/static/vendor/plots/plots.js";
import { bare, dayText, dayTicks, harmless, inward, legend, number, fill, saying, table, tag, view } from "/static/js/visual.js";

const SHAPES = ["circle", "square", "triangle", "diamond", "star", "wye", "cross", "times"];
const UP = ["more_than", "at_least"], DOWN = ["less_than", "at_most"];
const APART = 9;

export function draw(element, data, options) {
  const { texts } = options;
  if (!data.length) return saying(element, element.dataset.empty);
  const words = (f) => fill(f.low !== f.high ? texts.range ?? "{low}–{high}" : texts[f.bound] ?? "{n}", { n: number(f.low, options), low: number(f.low, options), high: number(f.high, options) });
  const sources = named(data);
  const facts = table(element.dataset.label ?? "", [texts.day ?? "", texts.source ?? "", texts.figure ?? ""], data.map((f) => [f.day ? dayText(f.day, options) : "", f.source, words(f)]));
  const rows = data.filter((f) => f.day).map((f) => ({ ...f, at: Date.parse(f.day.slice(0, 10)), style: sources.get(f.source) })).sort((a, b) => a.at - b.at);
  if (!rows.length) return element.replaceChildren(tag("p", { class: "empty", text: element.dataset.empty }), facts);

  const width = Math.max(280, element.clientWidth), height = Number(element.dataset.height) || 260;
  const day = 86400e3, pad = Math.max(day, (rows.at(-1).at - rows[0].at) * 0.04);
  const domain = [new Date(rows[0].at - pad), new Date(rows.at(-1).at + pad)];
  const pixel = (domain[1] - domain[0]) / (width - 88);
  beside(rows, pixel);
  const top = Math.max(...rows.map((f) => f.high)), reach = top * 0.12 || 1;
  const ends = rows.flatMap((f) => {
    const bar = f.low === f.high ? [] : [{ ...f, from: f.low, to: f.high }];
    if (UP.includes(f.bound)) bar.push({ ...f, from: f.high, to: f.high + reach, open: true });
    if (DOWN.includes(f.bound)) bar.push({ ...f, from: f.low, to: Math.max(0, f.low - reach), open: true });
    return bar;
  });
  const title = (f) => [`${dayText(f.day, options)} · ${harmless(f.source)}`, words(f), harmless(f.text)].filter(Boolean).join("\n");
  const picture = bare(plot({
    className: "plot", width, height, marginLeft: 48, marginRight: 40, marginTop: 14, marginBottom: 26,
    x: { type: "utc", domain }, y: { domain: [0, top + (rows.some((f) => UP.includes(f.bound)) ? reach : 0)], nice: true }, symbol: { type: "identity" },
    marks: [
      gridY({ ticks: 5 }), ruleY([0], { stroke: "currentColor" }),
      link(ends.filter((f) => !f.open), { x1: "x", x2: "x", y1: "from", y2: "to", stroke: (f) => f.style.colour, strokeWidth: 4, strokeOpacity: 0.45, strokeLinecap: "round" }),
      link(ends.filter((f) => f.open), { x1: "x", x2: "x", y1: "from", y2: "to", stroke: (f) => f.style.colour, strokeWidth: 2, markerEnd: "arrow" }),
      dot(rows, { x: "x", y: (f) => (f.low + f.high) / 2, r: 5, symbol: (f) => f.style.shape, stroke: (f) => f.style.colour, strokeWidth: 2,
        fill: (f) => (f.bound === "exact" ? f.style.colour : "var(--sheet, #fff)"), href: "href", title, ariaLabel: (f) => `${title(f).replaceAll("\n", ", ")}` }),
      axisX({ ticks: dayTicks(...domain, Math.max(2, Math.round(width / 120))), tickSize: 4, label: null, tickFormat: (d, i) => inward(dayText(d, { ...options, calendar: null }, tick(i, domain)), options) }),
      axisY({ ticks: 5, tickSize: 0, label: null, tickFormat: (n) => (n < 1e6 ? number(n, options) : inward(new Intl.NumberFormat(options.locale, { notation: "compact" }).format(n), options)) }),
    ],
  }));
  picture.setAttribute("role", "group");
  picture.setAttribute("aria-label", element.dataset.label ?? "");
  for (const a of picture.querySelectorAll("a")) a.setAttribute("aria-label", a.firstElementChild.getAttribute("aria-label"));
  const keys = [...sources].filter(([, s]) => !s.rest).map(([name, s]) => [s.colour, harmless(name), s.shape]);
  if (keys.length < sources.size) keys.push(["var(--soft, #666)", texts.others ?? "…", "circle"]);
  element.replaceChildren(legend(keys), ...(texts.unit ? [tag("p", { class: "unit", text: texts.unit })] : []), picture, facts);
}

/** What a tick names: the day, from a year on the month; the first its year too. */
function tick(i, [from, to]) {
  if (to - from > 300 * 86400e3) return { month: "short", year: "numeric" };
  return { day: "numeric", month: "short", ...(i ? {} : { year: "numeric" }) };
}

/** Colour and shape of each source, those with most figures first; from the eighth on they share the last. */
function named(data) {
  const counts = new Map();
  for (const f of data) counts.set(f.source, (counts.get(f.source) ?? 0) + 1);
  const order = [...counts].sort((a, b) => b[1] - a[1]).map(([name]) => name);
  return new Map(order.map((name, i) => {
    const rest = i >= SHAPES.length && order.length > SHAPES.length;
    return [name, { colour: rest ? "var(--soft, #666)" : `var(--source-${i + 1})`, shape: rest ? "circle" : SHAPES[i], rest }];
  }));
}

/** Give figures that would cover each other places beside each other. `pixel`: milliseconds of a pixel. */
function beside(rows, pixel) {
  const groups = [];
  for (const f of rows) {
    const last = groups.at(-1);
    if (last && f.at - last[0].at < APART * pixel) last.push(f);
    else groups.push([f]);
  }
  for (const group of groups) group.forEach((f, i) => { f.x = new Date(group[0].at + (i - (group.length - 1) / 2) * APART * pixel); });
}

view("ledger", draw);
