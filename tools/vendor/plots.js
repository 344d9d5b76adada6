// What the desk's plots take of Observable Plot and d3; esbuild makes one ES module of it, static/vendor/plots/plots.js.
export {axisX, axisY, dot, gridY, link, plot, rectY, ruleY} from "@observablehq/plot";
export {brushX} from "d3-brush";
export {forceCollide, forceLink, forceManyBody, forceSimulation, forceX, forceY} from "d3-force";
export {select} from "d3-selection";
export {utcDay, utcMonth, utcSunday, utcYear} from "d3-time";
