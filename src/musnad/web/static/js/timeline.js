/* Timeline: happenings over days as bars stacked by quad class; a range of days can be chosen with pointer or keyboard.

Data: a list of counts, in any order, several rows a day:
  [{"day": "2014-09-22", "type": "ASSAULT", "count": 3}, …]        `quad` instead of `type` works too
It is the whole span: with data-follow the query's from and to stay at home, so that the chosen range is seen inside of it.

Element: data-view="timeline" and what visual.js says; data-form="ID" where the filter form isn't around it.
Choosing a range sends the event `musnad:range` (bubbles) with detail {from, to} (ISO days, both inclusive; null, null when it is cleared). Inside a
<form data-filters>, or with data-form, it also fills the form's `from` and `to` and submits it (htmx or not). With data-follow the page's address says which range is chosen,
else the form does.
Keyboard: arrows move, Shift+arrows widen, Home/End, Enter chooses, Escape clears.
Texts: material_cooperation, verbal_cooperation, verbal_conflict, material_conflict, count ("Events"), bar ("{day}: {n}"), outside ("{n} outside these days"),
hint (how to choose a range), clear ("All days"), day ("Day": head of the table), plus `week` ("Week of {day}").
Height: 180 unless data-height. */

import { brushX, plot, rectY, ruleY, select, utcDay, utcMonth, utcSunday, utcYear, axisX, axisY, gridY } from "/static/vendor/plots/plots.js";
import { QUADS, bare, dayText, dayTicks, fill, inward, iso, number, quadColour, quadLegend, quadOf, saying, table, tag, view } from "/static/js/visual.js";

const UNITS = [["day", utcDay, 86400e3], ["week", utcSunday, 7 * 86400e3], ["month", utcMonth, 30 * 86400e3], ["year", utcYear, 365 * 86400e3]];
const NARROWEST = 3;
const looks = new WeakMap();

export function draw(element, data, options) {
  const { texts } = options;
  const rows = data.filter((r) => r.day).map((r) => ({ at: Date.parse(r.day.slice(0, 10)), quad: quadOf(r), count: r.count ?? 1 })).sort((a, b) => a.at - b.at);
  if (!rows.length) return saying(element, element.dataset.empty);
  const [first, last, outside] = span(rows);
  const width = Math.max(280, element.clientWidth), height = Number(element.dataset.height) || 180;
  const [unit, floor] = UNITS.find(([, , length]) => ((last - first) / length + 1) * NARROWEST <= width - 50) ?? UNITS.at(-1);
  const bins = binned(rows.filter((r) => r.at >= first && r.at <= last), floor);
  const name = (bin) => (unit === "week" ? fill(texts.week ?? "{day}", { day: dayText(bin.from, options) }) : dayText(bin.from, options, PARTS[unit]?.(options)));
  const said = (bin) => fill(texts.bar ?? "{day}: {n}", { day: name(bin), n: number(bin.n, options) });

  const picture = bare(plot({
    className: "plot", width, height, marginLeft: 36, marginRight: 8, marginTop: 10, marginBottom: 24,
    x: { type: "utc", domain: [bins[0].from, bins.at(-1).to] }, y: { domain: [0, Math.max(...bins.map((b) => b.n))], nice: true },
    marks: [
      gridY({ ticks: 4 }),
      rectY(bins.flatMap(stacked), { x1: "from", x2: "to", y1: "y1", y2: "y2", fill: (d) => quadColour(d.quad), insetLeft: 0.5, insetRight: 0.5 }),
      ruleY([0], { stroke: "currentColor" }),
      axisX({ ticks: dayTicks(bins[0].from, bins.at(-1).from, Math.max(2, Math.round(width / 110))), tickSize: 4, label: null, tickFormat: (d, i) => inward(tick(d, i, bins, { ...options, calendar: null }), options) }),
      axisY({ ticks: 4, tickSize: 0, label: null, tickFormat: (n) => (Number.isInteger(n) ? number(n, options) : "") }),
    ],
  }));
  picture.setAttribute("aria-hidden", "true");
  const x = picture.scale("x");
  const readout = tag("p", { class: "readout", "aria-hidden": "true" });
  const clear = tag("button", { type: "button", class: "btn clear", text: texts.clear ?? "×", hidden: true });
  const slider = tag("div", { class: "brushed", role: "slider", tabindex: 0, "aria-label": element.dataset.label, "aria-valuemin": 0, "aria-valuemax": bins.length - 1 }, picture);
  element.replaceChildren(
    quadLegend(options, QUADS.filter((q) => rows.some((r) => r.quad === q))), slider, tag("div", { class: "under" }, readout, clear),
    table(element.dataset.label ?? "", [texts.day ?? "", ...QUADS.map((q) => texts[q] ?? q)], bins.filter((b) => b.n).map((b) => [name(b), ...QUADS.map((q) => number(b[q], options))])),
  );

  // The chosen bins as [first, last], or null; and where the keyboard stands.
  let chosen = within(bins, fields(element)), stand = chosen?.[1] ?? bins.length - 1, anchor = chosen?.[0] ?? stand;
  const brush = brushX().extent([[36, 10], [width - 8, height - 24]]).on("brush", moved).on("end", ended);
  const layer = select(picture).append("g").attr("class", "brush").call(brush);
  const idle = () => [outside ? fill(texts.outside, { n: number(outside, options) }) : "", texts.hint ?? ""].filter(Boolean).join(" · ");
  const show = () => {
    layer.call(brush.move, chosen && [x.apply(bins[chosen[0]].from), x.apply(bins[chosen[1]].to)]);
    clear.hidden = !chosen;
    speak(chosen);
  };
  const speak = (range) => {
    readout.textContent = range ? fill(texts.bar ?? "{day}: {n}", { day: spanned(bins, range, options), n: number(total(bins, range), options) }) : idle();
    slider.setAttribute("aria-valuenow", stand);
    slider.setAttribute("aria-valuetext", range && range[0] !== range[1] ? readout.textContent : said(bins[stand]));
  };
  const choose = (range) => {
    chosen = range;
    show();
    const [from, to] = range ? [iso(bins[range[0]].from), iso(bins[range[1]].to - 86400e3)] : [null, null];
    element.dispatchEvent(new CustomEvent("musnad:range", { bubbles: true, detail: { from, to } }));
    submit(element, from, to);
  };
  const touched = ([a, b]) => [bins.findIndex((bin) => bin.to > x.invert(a + 1)), bins.findLastIndex((bin) => bin.from < x.invert(b - 1))].map((i) => Math.max(0, i));

  function moved(e) { if (e.sourceEvent) speak(touched(e.selection)); }
  function ended(e) {
    if (!e.sourceEvent) return;
    const range = e.selection && touched(e.selection);
    if (String(range) === String(chosen)) return show();
    if (range) [anchor, stand] = range;
    choose(range);
  }
  slider.addEventListener("pointermove", (e) => {
    if (e.buttons) return;
    const at = x.invert(e.clientX - picture.getBoundingClientRect().left);
    const bin = bins.find((b) => b.from <= at && at < b.to);
    readout.textContent = bin ? said(bin) : idle();
  });
  slider.addEventListener("pointerleave", () => speak(chosen));
  slider.addEventListener("keydown", (e) => {
    const to = { ArrowLeft: stand - 1, ArrowRight: stand + 1, ArrowUp: stand + 1, ArrowDown: stand - 1, Home: 0, End: bins.length - 1 }[e.key];
    if (e.key === "Enter") choose([Math.min(anchor, stand), Math.max(anchor, stand)]);
    else if (e.key === "Escape") choose(null);
    else if (to == null) return;
    else {
      stand = Math.min(bins.length - 1, Math.max(0, to));
      if (!e.shiftKey) anchor = stand;
      const range = [Math.min(anchor, stand), Math.max(anchor, stand)];
      layer.call(brush.move, [x.apply(bins[range[0]].from), x.apply(bins[range[1]].to)]);
      speak(range);
    }
    e.preventDefault();
  });
  slider.addEventListener("blur", show);
  clear.addEventListener("click", () => choose(null));
  looks.set(element, () => {
    const wanted = within(bins, fields(element));
    if (String(wanted) === String(chosen)) return;
    chosen = wanted;
    show();
  });
  show();
}

const PARTS = { month: () => ({ month: "long", year: "numeric" }), year: () => ({ year: "numeric" }) };

/** The days shown, and how many happenings lie outside: single days far off would press the others together. */
function span(rows) {
  const all = rows.reduce((sum, r) => sum + r.count, 0);
  const at = (share) => { let sum = 0; return rows.find((r) => (sum += r.count) >= share * all).at; };
  const [first, last, low, high] = [rows[0].at, rows.at(-1).at, at(0.02), at(0.98)];
  if (last - first < 730 * 86400e3 || high - low > (last - first) / 2) return [first, last, 0];
  return [low, high, rows.reduce((sum, r) => sum + (r.at < low || r.at > high ? r.count : 0), 0)];
}

/** Every bin from the first to the last, empty ones too: from, to (exclusive), n, and the count of each quad class. */
function binned(rows, floor) {
  const bins = floor.range(floor.floor(new Date(rows[0].at)), new Date(rows.at(-1).at + 1)).map((from) => ({ from, to: floor.offset(from, 1), n: 0, ...Object.fromEntries(QUADS.map((q) => [q, 0])) }));
  const places = new Map(bins.map((bin) => [Number(bin.from), bin]));
  for (const r of rows) {
    const bin = places.get(Number(floor.floor(new Date(r.at))));
    bin[r.quad] += r.count;
    bin.n += r.count;
  }
  return bins;
}

function stacked(bin) {
  let y = 0;
  return QUADS.filter((q) => bin[q]).map((quad) => ({ from: bin.from, to: bin.to, quad, y1: y, y2: (y += bin[quad]) }));
}

/** A tick's words: as much of the day as tells it from its neighbours; the first and each new year name the year. */
function tick(date, i, bins, options) {
  const months = (bins.at(-1).to - bins[0].from) / (30 * 86400e3), january = date.getUTCMonth() === 0;
  if (months > 60) return dayText(date, options, { year: "numeric" });
  if (months > 3) return dayText(date, options, i && !january ? { month: "short" } : { month: "short", year: "numeric" });
  return dayText(date, options, i ? { day: "numeric", month: "short" } : { day: "numeric", month: "short", year: "numeric" });
}

const total = (bins, [a, b]) => bins.slice(a, b + 1).reduce((sum, bin) => sum + bin.n, 0);
const spanned = (bins, [a, b], options) => {
  const [from, to] = [bins[a].from, bins[b].to - 86400e3];
  return Number(from) === to ? dayText(from, options) : `${dayText(from, options)} – ${dayText(to, options)}`;
};

const formOf = (element) => (element.dataset.form ? document.getElementById(element.dataset.form) : element.closest("form[data-filters]"));
function fields(element) {
  const form = "follow" in element.dataset ? null : formOf(element), query = new URLSearchParams(location.search);
  return ["from", "to"].map((name) => (form ? form.elements.namedItem(name)?.value : query.get(name)) || null);
}

/** The bins that a range of days touches, or null where none is set. */
function within(bins, [from, to]) {
  if (!from && !to) return null;
  const a = from ? bins.findIndex((b) => b.to > Date.parse(from)) : 0;
  const b = to ? bins.findLastIndex((bin) => bin.from <= Date.parse(to)) : bins.length - 1;
  return a < 0 || b < a ? null : [a, b];
}

function submit(element, from, to) {
  const form = formOf(element);
  if (!form) return;
  for (const [name, value] of [["from", from], ["to", to]]) {
    const field = form.elements.namedItem(name);
    if (field) field.value = value ?? "";
  }
  form.requestSubmit();
}

view("timeline", draw, { without: ["from", "to"], again: (element) => looks.get(element)?.() });
