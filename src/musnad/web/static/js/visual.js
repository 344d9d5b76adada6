/* What map, timeline, ledger_plot and network share: where their data come from, when they are drawn, their words, colours, legends and tables.

The page writes, for instance

  <div data-view="timeline" data-url="/events/timeline.json" data-follow data-label="…" data-empty="…" data-failed="…"
       data-texts='{"verbal_conflict": "…"}'>what stands here until the script has drawn</div>
  <script type="module" src="/static/js/timeline.js"></script>   and   <link rel="stylesheet" href="/static/css/visuals.css">

  data-view      map, timeline, ledger or network
  data-url       address of the data (JSON, same origin); or data-source: the id of a <script type="application/json"> with the data
  data-follow    (no value) the query of the page's address goes along with data-url, and data are fetched again when that address changes (a filter
                 through htmx, back and forth): such an element stands outside of what htmx swaps, and keeps its place and zoom
  data-label     what it is, for screen readers and as the title of an exported picture
  data-empty     said where there is nothing to draw;  data-failed: said where the data couldn't be fetched
  data-texts     words in the page's language, as a JSON object; each module names its keys. {n} and the like in them are filled in
  data-calendar  "hijri": Hijri days beside
  data-height    height in CSS pixels (each module has its own otherwise)

Everything is drawn on page load and after each htmx swap; an element that was swapped away is closed. Nothing sets a style attribute or needs eval. */

const views = new Map();
const open = new Map();
const sizes = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    const state = open.get(target);
    if (state?.width != null && Math.abs(state.width - target.clientWidth) > 1) requestAnimationFrame(() => redraw(target));
  }
});

export const QUADS = ["material_cooperation", "verbal_cooperation", "verbal_conflict", "material_conflict"];
const TOKENS = { verbal_cooperation: "--coop-verbal", material_cooperation: "--coop-material", verbal_conflict: "--conf-verbal", material_conflict: "--conf-material", none: "--accent" };
const TYPES = {
  verbal_cooperation: ["AGREE", "CONSULT", "SUPPORT", "CONCEDE"], material_cooperation: ["COOPERATE", "AID", "RETREAT"],
  verbal_conflict: ["REQUEST", "ACCUSE", "REJECT", "THREATEN"], material_conflict: ["PROTEST", "SANCTION", "MOBILIZE", "COERCE", "ASSAULT"],
};
const QUAD_OF = Object.fromEntries(Object.entries(TYPES).flatMap(([quad, types]) => types.map((type) => [type, quad])));

/** The quad class of a row: its own `quad` ("none" for what is no event), else that of its PLOVER `type`. */
export const quadOf = (row) => row.quad ?? QUAD_OF[row.type] ?? "verbal_cooperation";
/** The CSS colour of a quad class, which follows the theme by itself. */
export const quadColour = (quad) => `var(${TOKENS[quad]})`;
/** The value that a colour token has now, for canvases. */
export const token = (name, otherwise = "#888") => getComputedStyle(document.documentElement).getPropertyValue(name).trim() || otherwise;
export const quadToken = (quad) => token(TOKENS[quad]);

/** Draw every element of this name, now and whenever the page changes. `draw(element, data, options)` may give a function that closes it; `options` are
lang, dir, locale, texts, calendar. `fixed`: doesn't need drawing again when its width changes; `without`: query names that don't go along with
data-follow; `again(element)`: called where the page changed and the element's data didn't. */
export function view(name, draw, { fixed = false, without = [], again = () => {} } = {}) {
  views.set(name, { draw, fixed, again, without: new Set([...without, "after", "limit", "lang"]) });
  mount();
}

/** Draw what isn't drawn yet, fetch again what follows a changed address, close what is gone. */
export function mount() {
  for (const [element, state] of open) if (!element.isConnected) { state.close?.(); sizes.unobserve(element); open.delete(element); }
  for (const element of document.querySelectorAll("[data-view]")) {
    const kind = views.get(element.dataset.view);
    if (!kind) continue;
    if (open.get(element)?.address === address(element, kind)) kind.again(element);
    else load(element, kind);
  }
}

function address(element, kind) {
  if (!element.dataset.url) return `#${element.dataset.source}`;
  const url = new URL(element.dataset.url, location.href);
  if ("follow" in element.dataset) for (const [key, value] of new URLSearchParams(location.search)) if (!kind.without.has(key) && value) url.searchParams.append(key, value);
  return url.href;
}

async function load(element, kind) {
  const state = open.get(element) ?? {};
  const wanted = address(element, kind);
  open.set(element, Object.assign(state, { kind, address: wanted }));
  element.setAttribute("aria-busy", "true");
  try {
    const data = element.dataset.url ? await fetched(wanted) : JSON.parse(document.getElementById(element.dataset.source).textContent);
    if (state.address !== wanted || !element.isConnected) return;
    state.data = data;
    redraw(element);
  } catch (error) {
    if (state.address !== wanted) return;
    console.error(error);
    saying(element, element.dataset.failed ?? "");
  }
  element.removeAttribute("aria-busy");
}

async function fetched(url) {
  const response = await fetch(url, { headers: { Accept: "application/json" }, credentials: "same-origin" });
  if (!response.ok) throw new Error(`${url}: ${response.status}`);
  return response.json();
}

function redraw(element) {
  const state = open.get(element);
  if (!state?.data || !element.isConnected) return;
  state.width = state.kind.fixed ? null : element.clientWidth;
  state.close = state.kind.draw(element, state.data, options(element)) ?? state.close;
  sizes.observe(element);
}

/** Language, direction and words for an element. */
export function options(element) {
  const lang = element.closest("[lang]")?.lang || "en";
  const texts = JSON.parse(element.dataset.texts || "{}");
  return { lang, dir: lang.startsWith("ar") ? "rtl" : "ltr", locale: `${lang}-u-ca-gregory-nu-latn`, texts, calendar: element.dataset.calendar };
}

/** The words with {names} filled in. */
export const fill = (text, values) => (text ?? "").replace(/\{(\w+)\}/g, (all, key) => values[key] ?? all);
export const number = (n, { locale }) => new Intl.NumberFormat(locale, { maximumSignificantDigits: 12 }).format(n);
/** Words of the record without characters that turn the direction of what follows. */
export const harmless = (text) => String(text ?? "").replace(/[\u202a-\u202e\u2066-\u2069]/g, "\ufffd");
/** The direction of a text: that of its first letter. */
export const direction = (text) => (/^\P{L}*[\u0590-\u08ff\ufb1d-\ufeff]/u.test(text) ? "rtl" : "ltr");
/** Words of ours inside SVG, in the direction of the page. */
export const inward = (text, { dir }) => `${dir === "rtl" ? "\u2067" : "\u2066"}${text}\u2069`;

const WHOLE = { day: "numeric", month: "long", year: "numeric" };

/** A day as people write it, as the pages do; `parts` are Intl.DateTimeFormat's, for less than a whole day. */
export function dayText(date, { locale, lang, calendar }, parts = { ...WHOLE, month: lang === "en" ? "short" : "long" }) {
  const written = new Intl.DateTimeFormat(locale, { timeZone: "UTC", ...parts }).formatToParts(new Date(date));
  const text = ["day", "month", "year"].map((type) => written.find((part) => part.type === type)?.value).filter(Boolean).join(" ");
  if (calendar !== "hijri" || !parts.day || !parts.year) return text;
  return `${text} (${new Intl.DateTimeFormat(`${lang}-u-ca-islamic-umalqura-nu-latn`, { timeZone: "UTC", ...WHOLE }).format(new Date(date))})`;
}

/** About n ticks between two days, and never several on the same day: a list, or the number for Plot to choose. */
export function dayTicks(from, to, n) {
  const first = Math.ceil(Number(from) / 86400e3), days = Math.floor(Number(to) / 86400e3) - first;
  return days >= n ? n : Array.from({ length: days + 1 }, (_, i) => new Date((first + i) * 86400e3));
}

export const iso = (date) => new Date(date).toISOString().slice(0, 10);

/** An HTML element with attributes and children; `class`, `text`, and `colour` (the custom property --c) by name. */
export function tag(name, { text, colour, ...attributes } = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) if (value != null && value !== false) element.setAttribute(key, value === true ? "" : value);
  if (colour) element.style.setProperty("--c", colour);
  if (text != null) element.textContent = text;
  element.append(...children.filter((c) => c != null));
  return element;
}

/** An SVG element with attributes and children. */
export function drawing(name, { text, ...attributes } = {}, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) if (value != null) element.setAttribute(key, value);
  if (text != null) element.textContent = text;
  element.append(...children.filter((c) => c != null));
  return element;
}

/** Observable Plot's SVG without the style sheet that it brings (visuals.css has it) and without labels on groups, which no screen reader may use. */
export function bare(svg) {
  svg.querySelector("style")?.remove();
  for (const group of svg.querySelectorAll("g[aria-label]")) group.removeAttribute("aria-label");
  return svg;
}

/** A list of colours and what they mean: rows of [colour, words]. */
export function legend(rows) {
  return tag("ul", { class: "legend" }, ...rows.map(([colour, words, shape]) => tag("li", {}, tag("span", { class: `swatch ${shape ?? ""}`, colour, "aria-hidden": "true" }), tag("bdi", { text: words }))));
}
export const quadLegend = ({ texts }, quads = QUADS) => legend(quads.map((q) => [quadColour(q), texts[q] ?? q]));

/** A table with the same facts, for whoever doesn't see the picture. */
export function table(caption, heads, rows) {
  const cell = (name, words) => tag(name, name === "th" ? { scope: "col" } : {}, tag("bdi", { text: harmless(words) }));
  return tag("div", { class: "unseen" }, tag("table", {}, tag("caption", { text: caption }),
    tag("thead", {}, tag("tr", {}, ...heads.map((h) => cell("th", h)))), tag("tbody", {}, ...rows.map((r) => tag("tr", {}, ...r.map((c) => cell("td", c)))))));
}

/** Say instead of drawing. */
export function saying(element, words) {
  element.replaceChildren(tag("p", { class: "empty", text: words }));
}

/** How elements that aren't SVG become pictures: element → function that gives a canvas. */
export const canvases = new WeakMap();
const recolour = () => { for (const element of open.keys()) redraw(element); };

/** What htmx keeps of a page for the way back is its HTML: drawings are taken out while it does so, as they are drawn anew, and their styles would be inline. */
function bow() {
  const focused = document.activeElement;
  const drawn = [...open.keys()].map((element) => [element, [...element.childNodes]]);
  for (const [element] of drawn) element.replaceChildren();
  queueMicrotask(() => {
    for (const [element, children] of drawn) element.replaceChildren(...children);
    focused?.focus({ preventScroll: true });
  });
}
document.addEventListener("htmx:beforeHistorySave", bow);

for (const name of ["htmx:afterSwap", "htmx:pushedIntoHistory", "htmx:replacedInHistory", "htmx:historyRestore"]) document.addEventListener(name, mount);
window.addEventListener("popstate", () => setTimeout(mount));
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", recolour);
new MutationObserver(recolour).observe(document.documentElement, { attributeFilter: ["data-theme"] });
