// The page of a report: the text and its cards light each other, marks are walked by arrow keys, the legend is remembered.
import { say } from "/static/js/desk.js";

const reading = document.getElementById("reading");
const text = document.getElementById("text");
const cards = document.getElementById("cards");
const closer = document.querySelector("[data-close]");
const narrow = window.matchMedia("(max-width: 63.99rem)");
const pieces = [...text.querySelectorAll("[data-start]")];
const entries = new Map([...cards.querySelectorAll(".entry")].map((node) => [node.dataset.id, node]));
const marked = new Map();
for (const piece of pieces) for (const id of idsOf(piece)) marked.has(id) ? marked.get(id).push(piece) : marked.set(id, [piece]);

const startOf = (piece) => Number(piece.dataset.start);
let ends = null;
/** The pieces that hold a range of code points. */
function within(from, to) {
  ends ??= pieces.map((p) => startOf(p) + [...p.textContent].length);
  return pieces.filter((p, n) => startOf(p) < to && ends[n] > from);
}

function idsOf(piece) { return piece.dataset.r ? piece.dataset.r.split(" ") : []; }

let lit = null;

function clear(...names) {
  for (const name of names) for (const node of reading.querySelectorAll(`.${name}`)) node.classList.remove(name);
}

/** Light a card with its words; `from` tells where the reader is ("mark" or "card"), `range` the exact words that were asked for. */
function light(id, { from = "mark", range = null, quiet = false } = {}) {
  clear("lit", "near", "peek", "exact", "warm");
  closer.hidden = true;
  lit = id;
  address(id);
  if (!id) return;
  const card = entries.get(id);
  const words = marked.get(id) ?? [];
  for (const node of words) node.classList.add("lit");
  const exact = range ? within(...range) : [];
  for (const node of exact) node.classList.add("lit", "exact");
  if (card) {
    card.classList.add("lit");
    for (let fold = card.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
  }
  if (card && narrow.matches && from !== "card") { card.classList.add("peek"); closer.hidden = false; }
  if (from === "mark" && card) {
    if (!narrow.matches) inView(cards, card);
  } else {
    (exact[0] ?? words[0])?.scrollIntoView(from === "address" ? { block: "center", behavior: "instant" } : { block: narrow.matches ? "center" : "nearest" });
    if (from === "address" && card && !narrow.matches) inView(cards, card);
  }
  if (!quiet) tell(reading.dataset.lit.replace("{name}", nameOf(card)).replace("{n}", words.length));
}

const nameOf = (card) => card?.querySelector("b, .chip, .words")?.textContent.trim() ?? "";

/** Scroll only the cards, not the page: the reader's place in the text stays. */
function inView(box, card) {
  const bar = box.querySelector(".jump")?.offsetHeight ?? 0;
  const top = box.getBoundingClientRect().top + bar + 8;
  const bottom = Math.min(box.getBoundingClientRect().bottom, innerHeight) - 8;
  const b = card.getBoundingClientRect();
  if (b.top < top) box.scrollBy({ top: b.top - top, behavior: "instant" });
  else if (b.bottom > bottom) box.scrollBy({ top: Math.min(b.bottom - bottom, b.top - top), behavior: "instant" });
}

/** Tell those who hear the page; those who see it see it. */
function tell(words) { told.textContent = words; }
const told = document.getElementById("reading-told");

/** The address says what is lit, so that it can be passed on. */
function address(id) {
  const here = new URL(location.href);
  if (id) here.searchParams.set("show", id); else here.searchParams.delete("show");
  here.hash = "";
  if (here.href !== location.href) history.replaceState(history.state, "", here);
  for (const button of document.querySelectorAll("[data-copy^='/reports/']")) button.dataset.copy = `/reports/${reading.dataset.report}${id ? `?show=${encodeURIComponent(id)}` : ""}`;
}

const rangeOf = (node) => {
  const held = node?.closest?.("[data-from]");
  return held && held !== reading ? [Number(held.dataset.from), Number(held.dataset.to)] : null;
};

// Marks lie over each other: the first click takes the narrowest, every further one the next.
function next(piece) {
  const ids = idsOf(piece).filter((id) => entries.has(id));
  light(ids[(ids.indexOf(lit) + 1) % ids.length] ?? null, { from: "mark" });
  for (const id of ids) if (id !== lit) entries.get(id).classList.add("near");
}

text.addEventListener("click", (e) => {
  if (!getSelection().isCollapsed) return; // somebody selects words
  const piece = e.target.closest(".x");
  if (!piece) return light(null);
  stop(piece);
  next(piece);
});

cards.addEventListener("click", (e) => {
  const go = e.target.closest("[data-go]");
  if (go && entries.has(go.dataset.go)) {
    e.preventDefault();
    light(go.dataset.go, { from: "address" });
    entries.get(go.dataset.go).querySelector("button, a")?.focus({ preventScroll: true });
    return;
  }
  const entry = e.target.closest(".entry");
  if (!entry || e.target.closest("a, summary, .why")) return;
  const range = rangeOf(e.target);
  if (lit === entry.dataset.id && !range && getSelection().isCollapsed) return light(null);
  light(entry.dataset.id, { from: "card", range });
});

// Passing over one warms the other.
function warm(id, range) {
  clear("warm");
  if (!id) return;
  for (const node of range ? within(...range) : marked.get(id) ?? []) node.classList.add("warm");
  entries.get(id)?.classList.add("warm");
}
cards.addEventListener("pointerover", (e) => { if (e.pointerType === "mouse") warm(e.target.closest(".entry")?.dataset.id, rangeOf(e.target)); });
cards.addEventListener("focusin", (e) => warm(e.target.closest(".entry")?.dataset.id, rangeOf(e.target)));
text.addEventListener("pointerover", (e) => {
  if (e.pointerType !== "mouse") return;
  const piece = e.target.closest(".x");
  warm(piece && idsOf(piece).find((id) => entries.has(id)));
});
for (const box of [text, cards]) box.addEventListener("pointerleave", () => warm(null));

// One tab stop for all marks; arrows walk.
const shown = (piece) => [...document.querySelectorAll("[data-layer]")].some((box) => box.checked && piece.classList.contains(box.dataset.layer))
  || (piece.classList.contains("q") && document.getElementById("ly-c").checked);
const stops = () => pieces.filter((p) => "stop" in p.dataset && shown(p));
let here = null;

function stop(piece) {
  if (here) { here.removeAttribute("tabindex"); here.removeAttribute("role"); }
  here = piece ?? null;
  if (here) { here.tabIndex = 0; here.setAttribute("role", "button"); }
}

text.addEventListener("keydown", (e) => {
  const piece = e.target.closest(".x");
  if (!piece || e.ctrlKey || e.metaKey || e.altKey) return;
  if (e.key === "Enter" || e.key === " ") {
    e.preventDefault();
    next(piece);
    entries.get(lit)?.querySelector("button, a, summary")?.focus({ preventScroll: !narrow.matches });
    back = piece;
    return;
  }
  const onward = getComputedStyle(piece).direction === "rtl" ? "ArrowLeft" : "ArrowRight";
  const all = stops();
  const at = all.indexOf(piece);
  const to = { [onward]: at + 1, [onward === "ArrowLeft" ? "ArrowRight" : "ArrowLeft"]: at - 1, Home: 0, End: all.length - 1 }[e.key];
  if (to === undefined || !all[to]) return;
  e.preventDefault();
  stop(all[to]);
  all[to].focus();
  const id = idsOf(all[to]).find((x) => entries.has(x));
  warm(id);
  tell(`${nameOf(entries.get(id))} ${reading.dataset.place.replace("{n}", to + 1).replace("{of}", all.length)}`);
});
text.addEventListener("focusin", (e) => { const piece = e.target.closest(".x"); if (piece) warm(idsOf(piece).find((id) => entries.has(id))); });
let back = null;

document.addEventListener("keydown", (e) => {
  if (e.key !== "Escape" || e.defaultPrevented || document.querySelector("details.menu[open]")) return;
  const inside = cards.contains(document.activeElement);
  light(null);
  if (inside && back) back.focus();
  back = null;
});
closer.addEventListener("click", () => { light(null); (back ?? here)?.focus(); });

// The legend, kept for the next report.
const KEPT = "musnad-layers-off";
const boxes = [...document.querySelectorAll("[data-layer]")];
const plain = document.querySelector("[data-plain]");
function remember() {
  const off = boxes.filter((box) => !box.checked).map((box) => box.dataset.layer);
  try { localStorage.setItem(KEPT, off.join(" ")); } catch { /* a browser that keeps nothing */ }
  plain.setAttribute("aria-pressed", String(off.length === boxes.length));
  stop(here && shown(here) ? here : stops()[0]);
}
try {
  const off = (localStorage.getItem(KEPT) ?? "").split(" ");
  for (const box of boxes) box.checked = !off.includes(box.dataset.layer);
} catch { /* as it comes */ }
for (const box of boxes) box.addEventListener("change", remember);
plain.addEventListener("click", () => {
  const on = plain.getAttribute("aria-pressed") === "true";
  for (const box of boxes) box.checked = on;
  remember();
});
remember();

// Buttons that need a script appear with it.
for (const button of document.querySelectorAll(".needs-script")) button.hidden = false;
document.addEventListener("click", async (e) => {
  const button = e.target.closest("[data-copy]");
  if (!button) return;
  const said = button.dataset.copy;
  await navigator.clipboard.writeText(said.startsWith("/") ? location.origin + said : said);
  say(button.dataset.done);
});
document.querySelector("[data-print]")?.addEventListener("click", () => print());
let folded = [];
addEventListener("beforeprint", () => { folded = [...cards.querySelectorAll("details.group:not([open])")]; for (const d of folded) d.open = true; });
addEventListener("afterprint", () => { for (const d of folded) d.open = false; });

// What the address asks for.
const wanted = reading.dataset.show;
if (wanted) {
  const range = reading.dataset.from ? [Number(reading.dataset.from), Number(reading.dataset.to)] : null;
  document.fonts.ready.then(() => light(wanted, { from: "address", range, quiet: true }));
} else if (location.hash.startsWith("#i-")) {
  light(decodeURIComponent(location.hash.slice(3)), { from: "address", quiet: true });
}
