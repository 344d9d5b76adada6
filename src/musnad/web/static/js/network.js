/* Network: who deals with whom. Nodes are actors, their size by reports; lines are shared happenings, their width by count, one colour for
cooperation and one for conflict (two lines where there were both). The layout is computed once and then stands still.

Data:
  {"nodes": [{"id": "…", "name": "…", "type": "PER", "reports": 12, "href": "/actors/…"}, …],
   "links": [{"source": "id", "target": "id", "cooperation": 3, "conflict": 1}, …]}
href may be left out (then /actors/{id}); `focus: true` on a node keeps it in the middle. Links to unknown nodes are left out. The 80 nodes with
most reports are drawn; all links stand in the table for screen readers.

Element: data-view="network" and what visual.js says. Nodes are links, reached with Tab; pointer or focus shows the node's own lines and neighbours.
Texts: cooperation, conflict, PER, ORG, LOC, NORP (legend), actor ("Actor"), node ("{name}: {n} reports"). Height: 420 unless data-height. */

import { forceCollide, forceLink, forceManyBody, forceSimulation, forceX, forceY } from "/static/vendor/plots/plots.js";
import { direction, drawing, fill, harmless, legend, number, saying, table, view } from "/static/js/visual.js";

const MOST = 80;
const TONES = { cooperation: "var(--coop-material)", conflict: "var(--conf-material)" };
const TYPES = ["PER", "ORG", "LOC", "NORP"];
const LETTERS = 22;

export function draw(element, data, options) {
  const { texts } = options;
  const nodes = [...data.nodes].sort((a, b) => Boolean(b.focus) - Boolean(a.focus) || (b.reports ?? 0) - (a.reports ?? 0)).slice(0, MOST).map((n) => ({ ...n }));
  if (!nodes.length) return saying(element, element.dataset.empty);
  const known = new Map(nodes.map((n) => [n.id, n]));
  const links = joined(data.links.filter((l) => known.has(l.source) && known.has(l.target)));
  const width = Math.max(300, element.clientWidth), height = Number(element.dataset.height) || 420;
  const most = Math.max(1, ...nodes.map((n) => n.reports ?? 1)), busiest = Math.max(1, ...links.map((l) => l.n));
  const crowd = Math.min(1, Math.sqrt(30 / nodes.length));
  for (const n of nodes) n.r = 5 + 15 * crowd * Math.sqrt((n.reports ?? 1) / most);
  settle(nodes, links, width, height);

  const lines = drawing("g", { class: "lines" }), dots = drawing("g", { class: "dots" });
  for (const l of links)
    for (const [i, tone] of Object.keys(TONES).filter((t) => l[t]).entries()) {
      const both = l.cooperation && l.conflict;
      lines.append(l[tone + "Line"] = drawing("path", { d: curve(l, both ? (i ? -1 : 1) * 0.12 : 0), stroke: TONES[tone], "stroke-width": (1 + 6 * Math.sqrt(l[tone] / busiest)).toFixed(1), class: tone }));
    }
  for (const n of nodes) {
    const name = harmless(n.name), said = fill(texts.node ?? "{name}: {n}", { name, n: number(n.reports ?? 0, options) });
    n.a = drawing("a", { href: n.href ?? `/actors/${encodeURIComponent(n.id)}`, class: n.focus ? "focus" : null },
      drawing("title", { text: said }),
      drawing("circle", { cx: n.x.toFixed(1), cy: n.y.toFixed(1), r: n.r.toFixed(1), fill: TYPES.includes(n.type) ? `var(--l-${n.type})` : "var(--soft)" }),
      drawing("text", { x: n.x.toFixed(1), y: (n.y + n.r + 12).toFixed(1), direction: direction(name), text: name.length > LETTERS ? `${name.slice(0, LETTERS - 1)}…` : name }));
    dots.append(n.a);
  }
  const picture = drawing("svg", { class: "network", viewBox: `0 0 ${width} ${height}`, width, height, role: "group", "aria-label": element.dataset.label ?? "" }, lines, dots);
  const types = TYPES.filter((t) => nodes.some((n) => n.type === t));
  const name = (id) => data.nodes.find((n) => n.id === id)?.name ?? id;
  element.replaceChildren(
    legend([...Object.keys(TONES).filter((t) => links.some((l) => l[t])).map((t) => [TONES[t], texts[t] ?? t, "line"]), ...types.map((t) => [`var(--l-${t})`, texts[t] ?? t, "circle"])]),
    picture,
    table(element.dataset.label ?? "", [texts.actor ?? "", texts.actor ?? "", texts.cooperation ?? "", texts.conflict ?? ""], data.links.map((l) => [name(l.source), name(l.target), number(l.cooperation ?? 0, options), number(l.conflict ?? 0, options)])),
  );
  uncover(nodes);
  for (const n of nodes) {
    for (const event of ["pointerenter", "focus"]) n.a.addEventListener(event, () => only(picture, n, nodes, links));
    for (const event of ["pointerleave", "blur"]) n.a.addEventListener(event, () => only(picture, null, nodes, links));
  }
}

/** One link a pair, whichever way round it was named, with the sum of its happenings in `n`. */
function joined(links) {
  const pairs = new Map();
  for (const { source, target, cooperation = 0, conflict = 0 } of links) {
    const ends = [source, target].sort(), key = ends.join("\n");
    const pair = pairs.get(key) ?? { source: ends[0], target: ends[1], cooperation: 0, conflict: 0, n: 0 };
    pair.cooperation += cooperation;
    pair.conflict += conflict;
    pair.n += cooperation + conflict;
    if (pair.n && source !== target) pairs.set(key, pair);
  }
  return [...pairs.values()];
}

/** Give each node a place inside the frame; the same data always get the same places. */
function settle(nodes, links, width, height) {
  const linked = new Set(links.flatMap((l) => [l.source, l.target]));
  const pull = (n, calm) => (n.focus ? 0.6 : linked.has(n.id) ? calm : 0.2);
  const forces = links.map(({ source, target, n }) => ({ source, target, n }));
  const simulation = forceSimulation(nodes)
    .force("links", forceLink(forces).id((n) => n.id).distance((l) => 60 + 50 / l.n).strength((l) => Math.min(1, 0.15 + l.n / 10)))
    .force("apart", forceManyBody().strength(-220).distanceMax(400))
    .force("room", forceCollide((n) => n.r + 14))
    .force("x", forceX(0).strength((n) => pull(n, 0.05 * (height / width))))
    .force("y", forceY(0).strength((n) => pull(n, 0.06 * (width / height))))
    .stop();
  for (let i = 0; i < 300; i++) simulation.tick();
  const reach = (axis, sign) => Math.max(...nodes.map((n) => sign * n[axis]));
  const [left, right, top, bottom] = [-reach("x", -1), reach("x", 1), -reach("y", -1), reach("y", 1)];
  const side = Math.min(70, width / 6), scale = Math.min(1.6, (width - 2 * side) / (right - left || 1)), tall = Math.min(1.6, (height - 64) / (bottom - top || 1));
  for (const n of nodes) {
    n.x = width / 2 + (n.x - (left + right) / 2) * scale;
    n.y = (height - 16) / 2 + (n.y - (top + bottom) / 2) * tall;
  }
  for (const l of links) for (const end of ["source", "target"]) l[end] = nodes.find((n) => n.id === l[end]);
}

/** A line between two nodes that bows aside by a share of its length. */
function curve({ source: a, target: b }, bow) {
  const [x, y] = [(a.x + b.x) / 2 - (b.y - a.y) * bow, (a.y + b.y) / 2 + (b.x - a.x) * bow];
  return `M${a.x.toFixed(1)},${a.y.toFixed(1)}Q${x.toFixed(1)},${y.toFixed(1)} ${b.x.toFixed(1)},${b.y.toFixed(1)}`;
}

/** Hide names that would lie over another's; they come out when their node is pointed at. */
function uncover(nodes) {
  const taken = [];
  for (const n of nodes) {
    const box = n.a.lastChild.getBBox();
    const over = taken.some((t) => box.x < t.x + t.width && t.x < box.x + box.width && box.y < t.y + t.height && t.y < box.y + box.height);
    n.a.classList.toggle("unnamed", over);
    if (!over) taken.push(box);
  }
}

/** Bring out a node with its lines and neighbours; null brings back all. */
function only(picture, node, nodes, links) {
  picture.classList.toggle("chosen", Boolean(node));
  const mine = new Set(links.filter((l) => l.source === node || l.target === node));
  const near = new Set([node, ...[...mine].flatMap((l) => [l.source, l.target])]);
  for (const n of nodes) n.a.classList.toggle("near", near.has(n));
  for (const l of links) for (const tone of Object.keys(TONES)) l[tone + "Line"]?.classList.toggle("near", mine.has(l));
}

view("network", draw);
