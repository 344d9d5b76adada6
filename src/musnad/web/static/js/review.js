// The queue by keyboard: every act is a form of the page, sent without leaving it; what comes back takes the item's place. Keys never act while somebody writes.
import { csrf, say } from "/static/js/desk.js";
import { selected } from "/static/js/select.js";

const queue = document.getElementById("queue");
const texts = queue ? JSON.parse(queue.dataset.texts) : {};
const keys = document.getElementById("keys");
const done = [];
let going = false;

const items = () => [...document.querySelectorAll("#queue .item")];
const current = () => document.activeElement?.closest?.(".item") ?? document.querySelector(".item.now");

for (const node of document.querySelectorAll(".needs-script")) node.hidden = false;

/** Make an item the one that keys act on. */
function turn(item) {
  if (!item) return;
  for (const other of document.querySelectorAll(".item.now")) other.classList.remove("now");
  item.classList.add("now");
  item.focus({ preventScroll: true });
  item.scrollIntoView({ block: "nearest", behavior: "instant" });
}

function step(by) {
  const all = items();
  const at = all.indexOf(current());
  const next = at < 0 ? all[0] : all[at + by];
  if (next) return turn(next);
  if (by > 0 && queue?.dataset.next && all.length && (new URL(queue.dataset.next, location.href).href !== location.href || at >= 0)) location.assign(queue.dataset.next);
  else if (by > 0) say(texts.end ?? "");
}

/** Send one of the page's forms; what is said back stands where the item stood. */
async function send(form, button, item) {
  const fields = new URLSearchParams(new FormData(form));
  if (button?.name) fields.set(button.name, button.value);
  going = true;
  item?.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(form.action, { method: "POST", body: fields, headers: { "X-CSRF-Token": csrf(), "X-Part": "item" }, credentials: "same-origin" });
    const text = await answer.text();
    if (!answer.ok) {
      const page = new DOMParser().parseFromString(text, "text/html");
      throw new Error([page.querySelector("h1")?.textContent, page.querySelector("[data-detail], main p")?.textContent].filter(Boolean).join(" "));
    }
    const made = answer.headers.get("X-Judgement");
    return { text, made: made ? Number(made) : null };
  } finally {
    going = false;
    item?.removeAttribute("aria-busy");
  }
}

/** Put an item's new state in its place. */
function replace(item, text) {
  const fresh = new DOMParser().parseFromString(text, "text/html").querySelector(".item");
  if (!fresh) return item;
  const node = document.importNode(fresh, true);
  for (const b of node.querySelectorAll(".needs-script")) b.hidden = false;
  item.replaceWith(node);
  return node;
}

async function act(form, button) {
  const item = form.closest(".item");
  if (going) return;
  try {
    const verdict = button?.value ?? "";
    const { text, made } = await send(form, button, item);
    if (form.hasAttribute("data-pair")) {
      item.classList.add(`is-${verdict}`);
      for (const b of item.querySelectorAll(".acts button")) b.disabled = true;
    }
    if (made) done.push({ id: made, item: item?.dataset.item });
    say(texts[verdict] ?? "");
    const stays = verdict === "comment" || verdict === "correct" || form.dataset.undo;
    const fresh = form.hasAttribute("data-pair") ? item : replace(item, text);
    turn(fresh);
    if (form.dataset.undo) { say(texts.undone); forget(Number(form.dataset.undo)); }
    else if (!stays) step(1);
  } catch (error) {
    say(error.message, "bad");
  }
}

function forget(id) {
  const at = done.findIndex((d) => d.id === id);
  if (at >= 0) done.splice(at, 1);
}

/** Take the last act back, whatever item it was about. */
async function undo() {
  const last = done.pop();
  if (!last) return say(texts.nothing ?? "");
  const form = document.createElement("form");
  form.method = "post";
  form.action = `/review/undo/${last.id}`;
  const item = document.querySelector(`.item[data-item="${CSS.escape(last.item)}"]`);
  try {
    const { text } = await send(form, null, item);
    if (item?.classList.contains("pair")) {
      item.classList.remove("is-same", "is-different");
      for (const b of item.querySelectorAll(".acts button")) b.disabled = false;
      turn(item);
    } else if (item) turn(replace(item, text));
    say(texts.undone);
  } catch (error) {
    done.push(last);
    say(error.message, "bad");
  }
}

document.addEventListener("submit", (e) => {
  const form = e.target;
  if (!form.closest("#queue .item")) return;
  if (form.matches("[data-act], [data-undo], [data-pair]")) {
    e.preventDefault();
    act(form, e.submitter);
  }
});

document.addEventListener("focusin", (e) => {
  const item = e.target.closest?.(".item");
  if (!item || item.classList.contains("now")) return;
  for (const other of document.querySelectorAll(".item.now")) other.classList.remove("now");
  item.classList.add("now");
});

const writes = (node) => node.closest("input, textarea, select, [contenteditable]") && !node.matches("[type=checkbox], [type=radio]");

document.addEventListener("keydown", (e) => {
  if (e.ctrlKey || e.metaKey || e.altKey || e.isComposing) return;
  if (e.key === "Escape" && writes(e.target)) { e.target.closest(".item")?.focus(); return; }
  if (writes(e.target) || keys?.open || e.target.closest("dialog, .menu")) return;
  const item = current();
  // A key is a place on the keyboard as well: an Arabic layout has other letters there.
  const key = /^Key[A-Z]$/.test(e.code) && !/^[a-z?]$/i.test(e.key) ? e.code[3].toLowerCase() : e.key;
  const press = (name) => item?.querySelector(`[data-key="${name}"]:not([disabled])`);
  const open = (name, field) => {
    const fold = item?.querySelector(name);
    if (!fold) return false;
    fold.open = true;
    (fold.querySelector(field) ?? fold.querySelector("summary")).focus();
    return true;
  };
  const acts = {
    j: () => (step(1), true), ArrowDown: () => (step(1), true), k: () => (step(-1), true), ArrowUp: () => (step(-1), true),
    e: () => open("[data-edit]", "form select, form input:not([type=hidden])"), c: () => open("[data-talk]", "input:not([type=hidden])"),
    u: () => (undo(), true), "?": () => (keys?.showModal(), Boolean(keys)),
    o: () => { const link = item?.querySelector("header a"); if (link) location.assign(link.href); return Boolean(link); },
  };
  for (const name of ["a", "r", "m", "d"]) acts[name] = () => { const b = press(name) ?? document.querySelector(`main > .acts [data-key="${name}"], .joined [data-key="${name}"]`); b?.click(); return Boolean(b); };
  if (!items().length && !["?", "m", "d"].includes(key)) return;
  if (e.repeat && !["j", "k", "ArrowDown", "ArrowUp"].includes(key)) return;
  if (acts[key]?.()) e.preventDefault();
});

document.addEventListener("click", (e) => {
  if (e.target.closest("[data-help]")) keys?.showModal();
  const take = e.target.closest("[data-take]");
  if (take) put(take.closest(".item, .adding"), take.dataset.take);
});

// Selected words become a field: the button beside it takes them, the selection is remembered while the button is pressed.
let held = null;
document.addEventListener("selectionchange", () => {
  const node = getSelection()?.anchorNode;
  const place = (node?.nodeType === 1 ? node : node?.parentElement)?.closest("[data-context]");
  const found = place && selected(place);
  if (found) held = { ...found, owner: place.closest(".item, .adding") };
});

function put(owner, name) {
  const group = owner.querySelector(`[data-field="${name}"]`);
  if (!held || held.owner !== owner || !group) return say(owner.querySelector(".needs-script.soft")?.textContent ?? "");
  const value = `${held.start}-${held.end}`;
  if (group.hasAttribute("data-many")) {
    const label = document.createElement("label");
    label.className = "phrase";
    const box = Object.assign(document.createElement("input"), { type: "checkbox", name, value, checked: true });
    const words = document.createElement("bdi");
    words.dir = "auto";
    words.textContent = held.text;
    label.append(box, " ", words);
    group.insertBefore(label, group.querySelector("input:not([type=checkbox])"));
  } else {
    const input = group.querySelector("input:not([type=hidden])");
    let exact = group.querySelector("input[type=hidden]");
    if (!exact) {
      exact = Object.assign(document.createElement("input"), { type: "hidden", name });
      group.append(exact);
    }
    exact.value = value;
    input.value = held.text;
    // The exact place goes with the form; whoever types other words means those.
    input.removeAttribute("name");
    input.oninput = () => { exact.remove(); input.name = name; input.oninput = null; };
  }
  say(held.text);
}

// A type's own modes come first: the others aren't its.
function modes(select) {
  for (const group of select.form.querySelectorAll("select[name=mode] optgroup")) {
    group.hidden = group.disabled = group.dataset.type !== select.value;
  }
  const mode = select.form.querySelector("select[name=mode]");
  if (mode?.selectedOptions[0]?.parentElement.disabled) mode.value = "";
}
document.addEventListener("change", (e) => { if (e.target.matches("select[name=type]") && e.target.form?.querySelector("[name=mode]")) modes(e.target); });
for (const select of document.querySelectorAll("form select[name=type]")) if (select.form.querySelector("[name=mode]")) modes(select);

// The first item is the one that keys act on, without taking the focus from who reads the page from its top.
items()[0]?.classList.add("now");
