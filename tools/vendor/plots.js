// What the desk's plots take of Observable Plot and d3; esbuild makes one ES module of it, static/vendor/plots/plots.js.
export {axisX, axisY, dot, gridX, gridY, link, plot, rectY, ruleX, ruleY, text} from "@observablehq/plot";
export {brushX} from "d3-brush";
export {forceCenter, forceCollide, forceLink, forceManyBody, forceSimulation, forceX, forceY} from "d3-force";
export {select} from "d3-selection";
export {utcDay, utcMonday, utcMonth, utcYear} from "d3-time";
