// Filter forms: an address without empty parts, whether htmx sends the form or the browser does, and each question asked once.
document.addEventListener("htmx:configRequest", (e) => {
  if (!e.detail.elt.matches?.("form[data-filters]")) return;
  for (const [name, value] of Object.entries(e.detail.parameters)) if (value === "") delete e.detail.parameters[name];
  // Enter in a field is a change and a submission: the second finds its answer on the page already.
  if (said(Object.entries(e.detail.parameters)) === said(new URLSearchParams(location.search))) e.preventDefault();
});
const said = (fields) => [...fields].filter(([name]) => name !== "lang").map(([name, value]) => `${name}=${value}`).sort().join("&");

document.addEventListener("submit", (e) => {
  if (e.target.method !== "get") return;
  const empty = [...e.target.elements].filter((field) => field.name && field.value === "" && !field.disabled);
  for (const field of empty) field.disabled = true;
  setTimeout(() => { for (const field of empty) field.disabled = false; });
}, true);
