/* Pictures to take along: a plot as SVG or PNG, a map as PNG, with its title and legend.

  <button type="button" data-picture="png" data-of="ID" data-name="events">…</button>      data-picture: png or svg; ID: the data-view element;
                                                                                           data-name: the file's name without its ending
A map has no SVG: such a button is hidden. Where nothing is drawn nothing is taken. Title: the element's data-label; data-credit on the
element: a line below (where it comes from). The file stands for itself: colours are written out, the fonts that it needs are inside. */

import { canvases, drawing } from "/static/js/visual.js";

const OWN = { opacity: "1", "unicode-bidi": "normal", display: "inline" };
/** What is written out: properties that aren't inherited, with what they are where nothing is said, and those that are. */
const KEPT = [...Object.keys(OWN), "fill", "fill-opacity", "stroke", "stroke-width", "stroke-opacity", "stroke-linecap", "stroke-linejoin", "stroke-dasharray", "font-family", "font-size", "font-weight", "font-variant-numeric", "text-anchor", "paint-order", "direction", "visibility"];
const FACES = [[/[\u0590-\u08ff\ufb1d-\ufeff]/, "ibm-plex-sans-arabic-arabic-400-normal"], [/[\u0020-\u00ff]/, "ibm-plex-sans-arabic-latin-400-normal"]];
const FAMILY = "IBM Plex Sans Arabic", PAD = 16, LINE = 22;

/** The picture of a drawn plot as the text of an SVG file. */
export async function svgOf(element) {
  const plot = element.querySelector("svg:not(.swatch)");
  const { width, height } = plot.getBoundingClientRect();
  const inner = settled(plot);
  for (const [name, value] of Object.entries({ x: PAD, width, height })) inner.setAttribute(name, value);
  const whole = await framed(element, width, (y) => { inner.setAttribute("y", y); return [inner, height]; });
  return new XMLSerializer().serializeToString(whole);
}

/** The picture of a drawn plot or map as a PNG blob, two pixels to each. */
export async function pngOf(element) {
  const chart = await canvases.get(element)?.();
  if (!chart) return painted(await svgOf(element));
  const { width, height } = element.querySelector("canvas").getBoundingClientRect();
  let place = 0;
  const text = new XMLSerializer().serializeToString(await framed(element, width, (y) => { place = y; return [null, height]; }));
  return painted(text, (pen) => pen.drawImage(chart, PAD, place, width, height));
}

/** An SVG with title, the middle that `place(y)` gives with its height, legend and credit. */
async function framed(element, width, place) {
  const css = getComputedStyle(element), ink = css.color, rtl = css.direction === "rtl";
  const root = drawing("svg", { xmlns: "http://www.w3.org/2000/svg", width: width + 2 * PAD, "font-family": `"${FAMILY}", ${css.fontFamily}`, "font-size": 14, fill: ink });
  const edge = rtl ? width + PAD : PAD;
  const words = (text, x, y, more = {}) => drawing("text", { text, x, y, direction: css.direction, "text-anchor": "start", ...more });
  let y = PAD;
  const title = element.dataset.label;
  if (title) root.append(words(title, edge, y + 14, { "font-size": 16, "font-weight": 600 }));
  if (title) y += LINE + 6;
  const unit = element.querySelector(".unit")?.textContent;
  if (unit) root.append(words(unit, edge, (y += LINE) - 10, { "font-size": 13, opacity: 0.8 }));
  const [middle, height] = place(y);
  if (middle) root.append(middle);
  y += height + 8;
  let x = 0;
  for (const item of element.querySelectorAll(".legend li")) {
    const taken = item.getBoundingClientRect().width + 18;
    if (x && x + taken > width) { x = 0; y += LINE; }
    root.append(swatch(item.querySelector(".swatch"), (at) => (rtl ? edge - x - at : edge + x), y + 9), words(item.textContent, rtl ? edge - x - 24 : edge + x + 24, y + 14, { "font-size": 13 }));
    x += taken + 6;
  }
  if (x) y += LINE;
  if (element.dataset.credit) { root.append(words(element.dataset.credit, edge, y + 14, { "font-size": 12, opacity: 0.75 })); y += LINE; }
  root.setAttribute("height", y + PAD);
  root.setAttribute("viewBox", `0 0 ${width + 2 * PAD} ${y + PAD}`);
  root.prepend(await faces(root), drawing("rect", { width: "100%", height: "100%", fill: ground(element) }));
  return root;
}

/** A copy of an SVG with what style sheets say written into attributes; links and hidden parts left out. */
function settled(svg) {
  const copy = svg.cloneNode(true);
  const [from, to] = [svg, copy].map((root) => [root, ...root.querySelectorAll("*")]);
  from.forEach((element, i) => {
    const css = getComputedStyle(element);
    const above = i && getComputedStyle(element.parentNode);
    for (const name of KEPT) {
      const value = css.getPropertyValue(name);
      if (value && (OWN[name] ?? (above && above.getPropertyValue(name))) !== value) to[i].setAttribute(name, value);
      else to[i].removeAttribute(name);
    }
    for (const name of ["class", "style", "tabindex", "role"]) to[i].removeAttribute(name);
    if (css.display === "none" || element.matches(".brush .overlay, .brush .handle")) to[i].setAttribute("display", "none");
  });
  for (const a of copy.querySelectorAll("a")) a.replaceWith(...a.childNodes);
  for (const gone of copy.querySelectorAll('[display="none"]')) gone.remove();
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  return copy;
}

/** A legend's sign as it looks, its middle at the height y; `place(x)` says where in the line. */
function swatch(sign, place, y) {
  const css = getComputedStyle(sign), [width, height] = [parseFloat(css.width), parseFloat(css.height)], border = parseFloat(css.borderTopWidth);
  const left = Math.min(place(0), place(width)), top = y - height / 2, fill = css.backgroundColor;
  const corners = /^polygon\((.*)\)$/.exec(css.clipPath)?.[1].split(",").map((corner) => corner.trim().split(" ").map(parseFloat));
  if (corners) return drawing("polygon", { points: corners.map(([a, b]) => [left + (width * a) / 100, top + (height * b) / 100].map((n) => n.toFixed(1))).join(" "), fill });
  if (border) return drawing("circle", { cx: left + width / 2, cy: y, r: (width - border) / 2, fill: "none", stroke: css.borderTopColor, "stroke-width": border });
  return drawing("rect", { x: left, y: top, width, height, rx: css.borderRadius === "50%" ? width / 2 : parseFloat(css.borderRadius), fill });
}

/** The first colour behind an element that isn't transparent. */
function ground(element) {
  for (let e = element; e; e = e.parentElement) {
    const colour = getComputedStyle(e).backgroundColor;
    if (!/^(transparent|rgba\(0, 0, 0, 0\))$/.test(colour)) return colour;
  }
  return "#fff";
}

/** A style element that holds the fonts whose letters the picture needs. */
async function faces(root) {
  const wanted = FACES.filter(([letters]) => letters.test(root.textContent));
  const rules = await Promise.all(wanted.map(async ([, file]) => {
    const bytes = new Uint8Array(await (await fetch(`/static/vendor/fonts/${file}.woff2`)).arrayBuffer());
    let text = "";
    for (let i = 0; i < bytes.length; i += 8192) text += String.fromCharCode(...bytes.subarray(i, i + 8192));
    const range = file.includes("-arabic-4") ? "U+0590-08FF,U+200C-200E,U+FB1D-FEFF" : "U+0020-00FF,U+2010-2026";
    return `@font-face{font-family:"${FAMILY}";src:url(data:font/woff2;base64,${btoa(text)}) format("woff2");unicode-range:${range}}`;
  }));
  return drawing("style", { text: rules.join("") });
}

/** A PNG of an SVG's text; `add(pen)` paints on top. */
async function painted(text, add) {
  const url = URL.createObjectURL(new Blob([text], { type: "image/svg+xml" })), image = new Image();
  image.src = url;
  try {
    await image.decode();
    const canvas = document.createElement("canvas"), pen = canvas.getContext("2d");
    [canvas.width, canvas.height] = [image.width * 2, image.height * 2];
    pen.scale(2, 2);
    pen.drawImage(image, 0, 0);
    add?.(pen);
    return await new Promise((done) => canvas.toBlob(done, "image/png"));
  } finally {
    URL.revokeObjectURL(url);
  }
}

async function take(button) {
  const element = document.getElementById(button.dataset.of), png = button.dataset.picture === "png";
  if (!element?.querySelector("svg, canvas")) return;
  button.disabled = true;
  try {
    const blob = png ? await pngOf(element) : new Blob([await svgOf(element)], { type: "image/svg+xml" });
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = `${button.dataset.name || "musnad"}.${png ? "png" : "svg"}`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  } finally {
    button.disabled = false;
  }
}

function hide() {
  for (const button of document.querySelectorAll('[data-picture="svg"]')) button.hidden = document.getElementById(button.dataset.of)?.dataset.view === "map";
}

hide();
document.addEventListener("htmx:afterSwap", hide);
document.addEventListener("click", (e) => {
  const button = e.target.closest?.("[data-picture]");
  if (button) take(button);
});
