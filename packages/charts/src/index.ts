export { cumulativePlot, type CumulativeQuestion } from "./cumulative-plot.ts";
export { forestPlot } from "./forest-plot.ts";
export { forestRows, spanOf, type ForestRow } from "./forest-rows.ts";
export { funnelPlot } from "./funnel-plot.ts";
