/* Map: where things happened, as circles that gather when they come close, with the list of what is in view beside it (the way for keyboards).

Data: GeoJSON, a FeatureCollection of points:
  {"type": "FeatureCollection", "features": [{"type": "Feature", "geometry": {"type": "Point", "coordinates": [lon, lat]},
    "properties": {"id": "…", "type": "ASSAULT", "day": "2014-09-22", "title": "…", "count": 4, "precision": "place", "place": "…"}}, …]}
The id may stand on the feature instead. title: what the list says, in the page's language; count: tellings, gives the size; precision: "place" or
"country", where all that is known is the country and the point its middle (drawn as a ring); place: the place's name, shown from close by;
`quad` instead of `type` works ("none" for what is no event); `href` goes before /events/{id}. Further properties are ignored.

Element: data-view="map" and what visual.js says; with data-follow it keeps its place and zoom while the filters change.
Texts: material_cooperation, verbal_cooperation, verbal_conflict, material_conflict, list (heading of the list), shown ("{n} in view"),
more ("and {n} more"), country ("Only the country is known"), zoom_in, zoom_out, all ("Show all"), two_fingers ("Use two fingers to move the map"),
no_map (said where the browser can't draw maps; the list stays). Height: 440 unless data-height.
Countries are Natural Earth's, names come from our gazetteer in the page's language; names and numbers are drawn by the browser's own text engine, so
that Arabic joins and nothing is fetched for it. */

import { LngLatBounds, Map as Chart, NavigationControl, setWorkerUrl } from "/static/vendor/maplibre/maplibre-gl.js";
import { QUADS, canvases, dayText, direction, fill, harmless, number, quadColour, quadLegend, quadOf, quadToken, saying, tag, token, view } from "/static/js/visual.js";

const STYLE = "/static/vendor/maplibre/maplibre-gl.css", COUNTRIES = "/static/vendor/countries/countries.json";
const CLOSEST = 9, LISTED = 60, SHARP = 2;
const maps = new WeakMap();
setWorkerUrl("/static/vendor/maplibre/maplibre-gl-worker.js");

export function draw(element, data, options) {
  const features = data.features.map((f, i) => ({ ...f, properties: { ...f.properties, id: f.properties.id ?? f.id, quad: quadOf(f.properties), count: f.properties.count ?? 1, n: i } }));
  features.sort(latest);
  let now = maps.get(element);
  if (!features.length && !now) return saying(element, element.dataset.empty);
  now?.shown(features);
  if (now) return now.close;
  const { texts } = options;
  const box = tag("div", { class: "chart", dir: "ltr" }), tip = tag("div", { class: "tip", hidden: true, "aria-hidden": "true" });
  const count = tag("p", { class: "soft small", "aria-live": "polite" }), list = tag("ol", { class: "plain" });
  const all = tag("button", { type: "button", class: "btn", text: texts.all ?? "×", hidden: true });
  box.style.blockSize = `${Number(element.dataset.height) || 440}px`;
  const beside = tag("section", { class: "places", "aria-label": texts.list }, tag("h3", { text: texts.list }), count, all, list);
  const key = tag("div");
  element.replaceChildren(key, tag("div", { class: "map-view" }, tag("div", { class: "chart-frame" }, box, tip), beside));
  now = { element, options, features, key, box, tip, count, list, all, moved: false, picked: null };
  maps.set(element, now);
  now.shown = (fresh) => show(now, fresh);
  now.close = () => { now.chart?.remove(); maps.delete(element); };
  all.addEventListener("click", () => { now.picked = null; now.moved = false; frame(now, true); relist(now); });
  start(now);
  explain(now);
  relist(now);
  return now.close;
}

function start(now) {
  const { options: { texts, dir }, box, element } = now;
  if (!document.querySelector(`link[href="${STYLE}"]`)) document.head.append(tag("link", { rel: "stylesheet", href: STYLE }));
  try {
    now.chart = new Chart({
      container: box, style: style(now), bounds: bounds(now.features), fitBoundsOptions: { padding: room(box), maxZoom: 6 }, maxZoom: CLOSEST, minZoom: 0,
      attributionControl: false, dragRotate: false, pitchWithRotate: false, touchPitch: false, fadeDuration: 0, renderWorldCopies: true,
      cooperativeGestures: matchMedia("(pointer: coarse)").matches,
      locale: { "Map.Title": element.dataset.label ?? "", "NavigationControl.ZoomIn": texts.zoom_in ?? "+", "NavigationControl.ZoomOut": texts.zoom_out ?? "−", "CooperativeGesturesHandler.MobileHelpText": texts.two_fingers ?? "" },
    });
  } catch (error) {
    console.warn(error);
    box.replaceChildren(tag("p", { class: "empty", text: texts.no_map }));
    return;
  }
  const { chart } = now;
  chart.setMissingStyleImageResolver((id) => image(now, id));
  chart.touchZoomRotate.disableRotation();
  chart.keyboard.disableRotation();
  chart.addControl(new NavigationControl({ showCompass: false }), dir === "rtl" ? "top-left" : "top-right");
  chart.on("moveend", (e) => { if (e.originalEvent) now.moved = true; relist(now); });
  chart.on("click", "points", (e) => location.assign(href(e.features[0].properties)));
  chart.on("click", "gathered", (e) => gather(now, e.features[0]));
  for (const layer of ["points", "gathered"]) {
    chart.on("mousemove", layer, (e) => hover(now, e));
    chart.on("mouseleave", layer, () => { now.tip.hidden = true; chart.getCanvas().style.cursor = ""; });
  }
  canvases.set(element, () => new Promise((done) => { chart.once("render", () => done(copied(chart.getCanvas()))); chart.triggerRepaint(); }));
}

/** Show other features, or the same in other colours. */
function show(now, features) {
  now.features = features;
  now.picked = null;
  const colours = look();
  if (now.chart && now.look !== colours) now.chart.setStyle(style(now), { diff: false });
  else now.chart?.getSource("happenings")?.setData(collection(features));
  if (!now.moved) frame(now, false);
  explain(now);
  relist(now);
  if (!features.length) now.count.textContent = now.element.dataset.empty;
}

/** The legend of what is there. */
function explain({ key, options, features }) {
  const legend = quadLegend(options, QUADS.filter((q) => features.some((f) => f.properties.quad === q)));
  if (options.texts.country && features.some((f) => f.properties.precision === "country"))
    legend.append(tag("li", {}, tag("span", { class: "swatch ring", "aria-hidden": "true" }), tag("bdi", { text: options.texts.country })));
  key.replaceChildren(legend);
}

const look = () => ["--sheet", "--tint", "--line", "--soft", "--ink"].map((name) => token(name)).join() + QUADS.map(quadToken).join();
/** Land is the lighter of the two grounds, in the light and in the dark. */
function ground() {
  const [a, b] = [token("--sheet", "#fff"), token("--tint", "#eee")], light = (c) => parseInt(c.slice(1, c.length > 4 ? 3 : 2).padEnd(2, c[1]), 16);
  return light(a) > light(b) ? { land: a, sea: b } : { land: b, sea: a };
}
const collection = (features) => ({ type: "FeatureCollection", features });
const href = ({ id, href: own }) => own ?? `/events/${encodeURIComponent(id)}`;

function bounds(features) {
  const box = new LngLatBounds();
  for (const f of features) box.extend(f.geometry.coordinates);
  return box.isEmpty() ? new LngLatBounds([25, 12], [60, 42]) : box;
}

const room = (box) => Math.min(48, box.clientWidth / 10);

function frame(now, animate) {
  now.chart?.fitBounds(bounds(now.features), { padding: room(now.box), maxZoom: 6, animate });
}

function style(now) {
  now.look = look();
  const { lang } = now.options, { land, sea } = ground(), line = token("--line");
  const sums = Object.fromEntries(QUADS.map((q) => [q, ["+", ["case", ["==", ["get", "quad"], q], 1, 0]]]));
  const common = [["case", ["==", ["accumulated"], ["get", "place"]], ["accumulated"], ""], ["coalesce", ["get", "place"], ""]];
  const colour = ["match", ["get", "quad"], ...QUADS.flatMap((q) => [q, quadToken(q)]), quadToken("none")];
  const ring = ["==", ["get", "precision"], "country"];
  const radius = ["min", 14, ["+", 4.5, ["*", 1.5, ["sqrt", ["get", "count"]]]]];
  return {
    version: 8,
    sources: {
      countries: { type: "geojson", data: new URL(COUNTRIES, location.href).href },
      happenings: { type: "geojson", data: collection(now.features), cluster: true, clusterRadius: 46, clusterMaxZoom: CLOSEST + 1, maxzoom: CLOSEST + 3, clusterProperties: { ...sums, place: common } },
      lit: { type: "geojson", data: collection([]) },
    },
    layers: [
      { id: "sea", type: "background", paint: { "background-color": sea } },
      { id: "land", type: "fill", source: "countries", filter: ["==", ["geometry-type"], "Polygon"], paint: { "fill-color": land } },
      { id: "borders", type: "line", source: "countries", filter: ["==", ["geometry-type"], "Polygon"], paint: { "line-color": line, "line-width": ["interpolate", ["linear"], ["zoom"], 1, 0.6, 6, 1.4] } },
      { id: "names", type: "symbol", source: "countries", filter: ["==", ["geometry-type"], "Point"], layout: { "icon-image": ["concat", "name:", ["get", lang === "ar" ? "ar" : "en"]], "symbol-sort-key": ["get", "rank"], "icon-padding": 6 } },
      { id: "points", type: "circle", source: "happenings", filter: ["!", ["has", "point_count"]], paint: { "circle-radius": radius, "circle-color": ["case", ring, land, colour], "circle-opacity": ["case", ring, 0.6, 0.88], "circle-stroke-color": ["case", ring, colour, land], "circle-stroke-width": ["case", ring, 3, 1.2] } },
      { id: "gathered", type: "symbol", source: "happenings", filter: ["has", "point_count"], layout: { "icon-image": ["concat", "pie:", ["get", "point_count"], ...QUADS.flatMap((q) => [":", ["get", q]])], "icon-allow-overlap": true } },
      { id: "places", type: "symbol", source: "happenings", minzoom: 4, filter: [">", ["length", ["coalesce", ["get", "place"], ""]], 0], layout: { "icon-image": ["concat", "place:", ["get", "place"]], "icon-anchor": "top", "icon-offset": ["case", ["has", "point_count"], ["literal", [0, 26]], ["literal", [0, 8]]] } },
      { id: "lit", type: "circle", source: "lit", paint: { "circle-radius": 15, "circle-color": "rgba(0,0,0,0)", "circle-stroke-color": token("--focus", token("--accent")), "circle-stroke-width": 3 } },
    ],
  };
}

/** Draw what the style asks for: "name:العراق" a country's name, "place:بغداد" a place's, "pie:12:3:0:4:5" a circle that gathers twelve happenings. */
async function image(now, id) {
  const [kind, ...rest] = id.split(":");
  const family = token("--sans", "sans-serif");
  await document.fonts.load(`600 12px ${family}`, "ع1a").catch(() => null);
  if (!now.chart || now.chart.hasImage(id)) return;
  const canvas = kind === "pie" ? pieImage(rest.map(Number), family, now.options) : nameImage(harmless(rest.join(":")), family, token(kind === "name" ? "--soft" : "--ink"));
  const { width, height } = canvas;
  now.chart.addImage(id, canvas.getContext("2d").getImageData(0, 0, width, height), { pixelRatio: SHARP });
}

function nameImage(name, family, colour) {
  const canvas = document.createElement("canvas"), pen = canvas.getContext("2d"), font = `400 ${12 * SHARP}px ${family}`;
  pen.font = font;
  canvas.width = Math.ceil(pen.measureText(name).width) + 6 * SHARP;
  canvas.height = 20 * SHARP;
  Object.assign(pen, { font, direction: direction(name), textAlign: "center", textBaseline: "middle", lineJoin: "round", strokeStyle: ground().land, lineWidth: 3 * SHARP, fillStyle: colour });
  pen.strokeText(name, canvas.width / 2, canvas.height / 2);
  pen.fillText(name, canvas.width / 2, canvas.height / 2);
  return canvas;
}

function pieImage([n, ...parts], family, options) {
  const radius = Math.min(30, 13 + 3.2 * Math.log2(n)) * SHARP, canvas = document.createElement("canvas"), pen = canvas.getContext("2d");
  canvas.width = canvas.height = 2 * (Math.ceil(radius) + SHARP);
  const middle = canvas.width / 2;
  pen.arc(middle, middle, radius, 0, 2 * Math.PI);
  pen.fillStyle = quadToken("none");
  pen.fill();
  let angle = -Math.PI / 2;
  for (const [i, part] of parts.entries()) {
    if (!part) continue;
    const end = angle + (2 * Math.PI * part) / n;
    pen.beginPath();
    pen.moveTo(middle, middle);
    pen.arc(middle, middle, radius, angle, end);
    pen.fillStyle = quadToken(QUADS[i]);
    pen.fill();
    angle = end;
  }
  pen.beginPath();
  pen.arc(middle, middle, radius * 0.68, 0, 2 * Math.PI);
  pen.fillStyle = ground().land;
  pen.fill();
  Object.assign(pen, { font: `600 ${Math.min(13, radius * 0.6) * SHARP}px ${family}`, textAlign: "center", textBaseline: "middle", fillStyle: token("--ink") });
  const compact = new Intl.NumberFormat(options.locale, { notation: n > 9999 ? "compact" : "standard" }).format(n);
  pen.fillText(compact, middle, middle + SHARP / 2, radius * 1.25);
  return canvas;
}

/** Come closer to what a circle gathers; where that can't part it, list it. */
async function gather(now, circle) {
  const source = now.chart.getSource("happenings"), { cluster_id: id, point_count: n } = circle.properties;
  const zoom = await source.getClusterExpansionZoom(id);
  if (zoom <= CLOSEST) {
    now.moved = true;
    now.chart.easeTo({ center: circle.geometry.coordinates, zoom });
    return;
  }
  const leaves = await source.getClusterLeaves(id, n, 0);
  now.picked = new Set(leaves.map((f) => f.properties.n));
  relist(now);
  now.list.querySelector("a")?.focus();
}

function hover(now, e) {
  const { properties } = e.features[0], { tip, options } = now;
  now.chart.getCanvas().style.cursor = "pointer";
  if (properties.point_count) return;
  tip.replaceChildren(tag("bdi", { text: harmless(properties.title) }), tag("span", { class: "soft", text: properties.day ? ` ${dayText(properties.day, options)}` : "" }));
  tip.hidden = false;
  const x = Math.min(e.point.x + 14, now.box.clientWidth - tip.offsetWidth - 6);
  tip.style.transform = `translate(${Math.max(6, x)}px, ${e.point.y + 14}px)`;
}

function latest({ properties: { day: a = "" } }, { properties: { day: b = "" } }) {
  return a === b ? 0 : a > b ? -1 : 1;
}

/** List what is in view, or what was picked, latest first. */
function relist(now) {
  const { chart, features, picked, options, list, count, all } = now, { texts } = options;
  const box = chart?.getBounds();
  const rows = features.filter((f) => (picked ? picked.has(f.properties.n) : !box || box.contains(f.geometry.coordinates)));
  count.textContent = fill(texts.shown ?? "{n}", { n: number(rows.length, options) });
  all.hidden = !picked && rows.length === features.length;
  list.replaceChildren(...rows.slice(0, LISTED).map((f) => entry(now, f)));
  if (rows.length > LISTED) list.append(tag("li", { class: "soft", text: fill(texts.more ?? "+{n}", { n: number(rows.length - LISTED, options) }) }));
}

function entry(now, feature) {
  const { properties: p } = feature, { options } = now;
  const ring = p.precision === "country";
  const link = tag("a", { href: href(p) }, tag("span", { class: `swatch circle${ring ? " ring" : ""}`, colour: quadColour(p.quad), title: options.texts[p.quad] }), tag("bdi", { text: harmless(p.title) || p.type }));
  const light = (on) => now.chart?.getSource("lit")?.setData(collection(on ? [{ type: "Feature", properties: {}, geometry: feature.geometry }] : []));
  for (const event of ["focus", "mouseenter"]) link.addEventListener(event, () => light(true));
  for (const event of ["blur", "mouseleave"]) link.addEventListener(event, () => light(false));
  return tag("li", {}, link, p.day ? tag("time", { datetime: p.day, class: "soft small", text: dayText(p.day, options) }) : null);
}

function copied(canvas) {
  const copy = document.createElement("canvas");
  [copy.width, copy.height] = [canvas.width, canvas.height];
  copy.getContext("2d").drawImage(canvas, 0, 0);
  return copy;
}

view("map", draw, { fixed: true });
