// On the overview, what comes in is told while it comes in; nothing moves under the reader's eyes until they ask for it.
const box = document.getElementById("live");
const seen = { report: new Set(), happening: new Set(), contested: new Set() };
let more = 0;
let source = null;

function told() {
  const parts = [];
  const reports = seen.report.size + more;
  if (reports) parts.push(box.dataset.reports.replace("{n}", reports.toLocaleString("en")));
  const events = new Set([...seen.happening, ...seen.contested]).size;
  if (events) parts.push(box.dataset.events.replace("{n}", events.toLocaleString("en")));
  if (seen.contested.size) parts.push(box.dataset.contested.replace("{n}", seen.contested.size.toLocaleString("en")));
  return parts.join(" · ");
}

function show() {
  const text = told();
  if (!text) return;
  box.querySelector("span").textContent = text;
  box.hidden = false;
}

// A browser has few connections to a desk: only the page in front holds one.
function listen() {
  if (document.hidden || source) return;
  source = new EventSource("/api/v1/live");
  for (const kind of Object.keys(seen)) {
    source.addEventListener(kind, (e) => { seen[kind].add(JSON.parse(e.data).id); show(); });
  }
  source.addEventListener("more", (e) => { more += JSON.parse(e.data).reports ?? 0; show(); });
}

function leave() {
  source?.close();
  source = null;
}

if (box) {
  listen();
  document.addEventListener("visibilitychange", () => (document.hidden ? leave() : listen()));
  addEventListener("pagehide", leave);
  addEventListener("pageshow", listen);
}
