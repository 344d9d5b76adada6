// Writes the desk's assets with their licences and the table of them into the folder named; run by tools/vendor.sh, inside a folder with node_modules.
import {createHash} from "node:crypto";
import {mkdirSync, readFileSync, readdirSync, writeFileSync, existsSync} from "node:fs";
import {dirname, join} from "node:path";
import {build} from "esbuild";
import {countries} from "./countries.mjs";

const [out, gazetteer] = process.argv.slice(2);
const rows = [];
const from = (...path) => join("node_modules", ...path);
const about = (name) => JSON.parse(readFileSync(from(name, "package.json"), "utf8"));

/** Writes a file and its row of the table. */
function put(file, content, name, licence) {
  mkdirSync(dirname(join(out, file)), {recursive: true});
  writeFileSync(join(out, file), content);
  const {version, repository} = about(name);
  const url = (repository.url ?? repository).replace(/^git\+/, "").replace(/^(git|ssh):\/\/(git@)?/, "https://").replace(/\.git$/, "");
  const sum = createHash("sha256").update(content).digest("hex");
  rows.push(`| [${file}](${file}) | ${name} | ${version} | [${licence}](${dirname(file)}/LICENSE.txt) | ${url} | \`${sum}\` |`);
}

/** The text without the line that names a source map, which isn't served. */
const bare = (path) => readFileSync(path, "utf8").replace(/\n?(\/\/#|\/\*#) sourceMappingURL=[^\n]*\n?/g, "\n");

/** Writes the licence texts of packages, one after the other, into the folder. */
function licences(folder, names) {
  const texts = names.map((name) => {
    const found = ["LICEN[SC]E", "README"].map((start) => readdirSync(from(name)).find((f) => new RegExp(`^${start}`, "i").test(f))).find(Boolean);
    const {version, license} = about(name);
    const whole = readFileSync(from(name, found), "utf8").trim();
    const text = /^README/i.test(found) ? whole.slice(whole.search(/^#+ licen[sc]e/im)) : whole;
    if (/GPL/.test(license)) throw new Error(`${name} is under ${license}`);
    return `${name} ${version} (${license})\n\n${text}\n`;
  });
  writeFileSync(join(out, folder, "LICENSE.txt"), texts.join(`\n${"-".repeat(80)}\n\n`).replace(/\r\n/g, "\n"));
}

/** The package and all that it needs at run time, sorted after itself; packages of types only are left out. */
function needs(name, seen = new Set()) {
  if (seen.has(name) || name.startsWith("@types/") || !existsSync(from(name))) return [];
  seen.add(name);
  return [name, ...Object.keys(about(name).dependencies ?? {}).sort().flatMap((d) => needs(d, seen))];
}

put("htmx/htmx.min.js", bare(from("htmx.org", "dist", "htmx.min.js")), "htmx.org", "0BSD");
licences("htmx", ["htmx.org"]);

for (const [file, path] of [["maplibre-gl.js", "maplibre-gl.mjs"], ["maplibre-gl-worker.js", "maplibre-gl-worker.mjs"], ["maplibre-gl.css", "maplibre-gl.css"]])
  put(`maplibre/${file}`, bare(from("maplibre-gl", "dist", path)), "maplibre-gl", "BSD-3-Clause and others");
licences("maplibre", needs("maplibre-gl"));

const bundle = await build({
  entryPoints: ["plots.js"], bundle: true, format: "esm", minify: true, target: "es2022", legalComments: "none", write: false, metafile: true, outfile: "out.js",
});
const used = Object.keys(Object.values(bundle.metafile.outputs)[0].inputs).filter((p) => p.includes("node_modules/"));
const packages = new Set(used.map((p) => p.split("node_modules/").pop().split("/").slice(0, p.includes("node_modules/@") ? 2 : 1).join("/")));
put("plots/plots.js", bundle.outputFiles[0].text, "@observablehq/plot", "ISC and others");
licences("plots", [...packages].sort());

put("countries/countries.json", countries(from("world-atlas", "countries-50m.json"), gazetteer), "world-atlas", "ISC, public domain");
licences("countries", ["world-atlas"]);

const families = {"ibm-plex-sans-arabic": {arabic: [400, 600], latin: [400, 600]}, "noto-naskh-arabic": {arabic: [400, 700]}};
for (const [family, subsets] of Object.entries(families))
  for (const [subset, weights] of Object.entries(subsets))
    for (const weight of weights) {
      const file = `${family}-${subset}-${weight}-normal.woff2`;
      put(`fonts/${file}`, readFileSync(from("@fontsource", family, "files", file)), `@fontsource/${family}`, "OFL-1.1");
    }
licences("fonts", Object.keys(families).map((family) => `@fontsource/${family}`));

writeFileSync(join(out, "README.md"), `# Files of others

Written by \`tools/vendor.sh\`, which holds the exact versions; don't edit. The desk loads everything from here and nothing from elsewhere. Each
licence stands beside its file; for a bundle it holds the licences of all packages in it.

- \`maplibre/*.js\`: as published, under names that every server sends as JavaScript, without the reference to a source map.
- \`plots/plots.js\`: what the desk uses of Observable Plot and d3, as one ES module (\`tools/vendor/plots.js\`).
- \`countries/countries.json\`: Natural Earth 1:50m (public domain) as packed in world-atlas, simplified, with English and Arabic names and coordinates of our own
  gazetteer (\`arabic/actors/countries.tsv\`). Borders are Natural Earth's, except that Somaliland is drawn with Somalia and Northern Cyprus with
  Cyprus; a line on this map takes no side.

| file | package | version | licence | source | sha256 |
| --- | --- | --- | --- | --- | --- |
${rows.join("\n")}
`);
