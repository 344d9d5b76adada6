// What every page of the desk does: tokens on requests, menus that close, results that are announced.
export const csrf = () => document.querySelector('meta[name="csrf"]')?.content ?? "";

/** Send a form or an object of fields; gives the response. Throws an Error with the server's plain words where it is refused. */
export async function post(address, fields = {}) {
  const body = fields instanceof FormData ? new URLSearchParams(fields) : new URLSearchParams(Object.entries(fields).filter(([, v]) => v != null));
  const response = await fetch(address, { method: "POST", body, headers: { "X-CSRF-Token": csrf() }, credentials: "same-origin" });
  if (!response.ok) throw new Error(await reason(response));
  return response;
}

async function reason(response) {
  if (response.headers.get("content-type")?.includes("json")) return (await response.json()).error;
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  return page.querySelector("h1")?.textContent ?? response.statusText;
}

/** Say something to everybody: shown for a moment and read out by screen readers. */
export function say(text, kind = "") {
  const box = document.getElementById("said");
  if (!box) return;
  box.textContent = text;
  box.className = `toast ${kind}`;
  clearTimeout(say.timer);
  say.timer = setTimeout(() => { box.className = "unseen"; }, 5000);
}

document.addEventListener("htmx:configRequest", (e) => { e.detail.headers["X-CSRF-Token"] = csrf(); });
document.addEventListener("htmx:responseError", (e) => {
  const page = new DOMParser().parseFromString(e.detail.xhr.responseText, "text/html");
  say(page.querySelector("h1")?.textContent ?? e.detail.xhr.statusText, "bad");
});
document.addEventListener("click", (e) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) if (!menu.contains(e.target)) menu.open = false;
});
document.addEventListener("keydown", (e) => {
  if (e.key !== "Escape") return;
  const menu = document.querySelector("details.menu[open]");
  if (menu) { menu.open = false; menu.querySelector("summary").focus(); }
});
