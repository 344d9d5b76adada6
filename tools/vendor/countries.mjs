// Natural Earth's countries as one compact GeoJSON: shapes by ISO 3166-1 alpha-3 code, and a point a country that carries its names.
import {readFileSync} from "node:fs";
import iso from "i18n-iso-countries";
import {feature, mergeArcs} from "topojson-client";
import {presimplify, simplify} from "topojson-simplify";

const SMALLEST = 0.003; // square degrees of the triangle that a point spans with its neighbours; smaller bends are left out
const PLACES = 2; // decimals of a degree: about a kilometre, what a map at 1:50m can bear
const WITHIN = {"Somaliland": "Somalia", "N. Cyprus": "Cyprus"}; // drawn with the state that the United Nations count them to
const LEFT_OUT = new Set(["Antarctica"]);
const WITHOUT_NUMBER = {"Kosovo": "XKX"};

/** The GeoJSON text, from the paths of world-atlas's TopoJSON and of our `countries.tsv`. */
export function countries(atlas, gazetteer) {
  const topology = simplify(presimplify(JSON.parse(readFileSync(atlas, "utf8"))), SMALLEST);
  const shapes = topology.objects.countries.geometries.filter((g) => !LEFT_OUT.has(g.properties.name));
  for (const [part, whole] of Object.entries(WITHIN)) {
    const [a, b] = [part, whole].map((name) => shapes.findIndex((g) => g.properties.name === name));
    Object.assign(shapes[b], mergeArcs(topology, [shapes[b], shapes[a]]), {properties: shapes[b].properties});
    shapes.splice(a, 1);
  }
  const drawn = shapes.map((g) => {
    const iso3 = (g.id && iso.numericToAlpha3(g.id)) || WITHOUT_NUMBER[g.properties.name] || null;
    return {type: "Feature", properties: {iso3}, geometry: rounded(feature(topology, g).geometry)};
  });
  return JSON.stringify({type: "FeatureCollection", features: [...drawn.filter((f) => f.geometry), ...names(gazetteer)]}) + "\n";
}

/** A point for each state and territory of our gazetteer: code, names, and its place by population (1 is the largest). */
function names(gazetteer) {
  const [head, ...lines] = readFileSync(gazetteer, "utf8").split("\n").filter((l) => l && !l.startsWith("#"));
  const columns = head.split("\t");
  const rows = lines.map((l) => Object.fromEntries(l.split("\t").map((value, i) => [columns[i], value])));
  rows.sort((a, b) => Number(b.population) - Number(a.population));
  return rows.map((r, i) => ({
    type: "Feature",
    properties: {iso3: r.country, ar: r.forms.split("|")[0].replace(/\?$/, ""), en: r.name_en, rank: i + 1},
    geometry: {type: "Point", coordinates: [Number(r.lon), Number(r.lat)]},
  }));
}

/** The shape with rounded coordinates, points that fell together left out; null where nothing is left. What crosses the 180th meridian runs on beyond it. */
function rounded(geometry) {
  const polygons = (geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates)
    .map((rings) => rings.map(unbroken).map(ring).filter((r) => r.length > 3))
    .filter((rings) => rings.length);
  return polygons.length ? {type: "MultiPolygon", coordinates: polygons} : null;
}

const ring = (points) =>
  points.map((p) => p.map((x) => Number(x.toFixed(PLACES)))).filter((p, i, all) => !i || p[0] !== all[i - 1][0] || p[1] !== all[i - 1][1]);

/** The ring without leaps from one edge of the map to the other. */
function unbroken(points) {
  const run = [points[0]];
  for (const [lon, lat] of points.slice(1)) run.push([lon - 360 * Math.round((lon - run.at(-1)[0]) / 360), lat]);
  const middle = run.reduce((sum, p) => sum + p[0], 0) / run.length;
  return run.map(([lon, lat]) => [lon - 360 * Math.round(middle / 360), lat]);
}
