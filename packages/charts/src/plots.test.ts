import { describe, expect, it } from "vitest";
import { cumulativePlot } from "./cumulative-plot.ts";
import { forestPlot } from "./forest-plot.ts";
import { funnelPlot } from "./funnel-plot.ts";
import { sampleReport } from "./testing/sample-report.ts";

const report = sampleReport();
const empty = sampleReport({ metrics: [], funnel: [], deviations: [], interventions: [] });

describe("plots", () => {
  it("are SVG documents without anything that is executed or fetched", () => {
    for (const svg of [
      forestPlot(report),
      cumulativePlot(report) ?? "",
      funnelPlot(report),
      forestPlot(empty),
      funnelPlot(empty),
    ]) {
      expect(svg).toMatch(/^<svg [^>]*xmlns="http:\/\/www.w3.org\/2000\/svg"/);
      expect(svg.endsWith("</svg>")).toBe(true);
      expect(svg).not.toMatch(/<script|<foreignObject|href=|url\(http|NaN|undefined/);
    }
  });

  it("are the same for the same report", () => {
    expect(forestPlot(report)).toBe(forestPlot(report));
    expect(cumulativePlot(report)).toBe(cumulativePlot(report));
  });

  it("write names as text, whatever is in them", () => {
    expect(forestPlot(report)).toContain("blue &lt;b&gt;");
    expect(funnelPlot(report)).toContain("blue &lt;b&gt;");
    expect(forestPlot(report)).not.toContain("<b>");
  });

  it("show every effect with its interval, and what a guardrail must not pass", () => {
    const svg = forestPlot(report);
    expect(svg).toContain("+4.10%  (+1.20% to +7.00%)");
    expect(svg).toContain("guardrail broken; must not pass +2.00%");
    expect(svg).toContain("below minimum");
    expect(svg).toContain("(unbounded)");
  });

  it("show how many came how far", () => {
    expect(funnelPlot(report)).toContain("14,390  (89.9%)");
  });

  it("show one effect over time, that of the metric and variant asked for", () => {
    expect(cumulativePlot(report)).toContain("Orders per visitor: green against control");
    expect(cumulativePlot(report)).toContain("plan changed");
    expect(cumulativePlot(report)).toContain("traffic from 10 % to 50 % (+1)");
    expect(cumulativePlot(report)).toContain("resumed");
    expect(cumulativePlot(report)).not.toContain("started with");
    expect(cumulativePlot(report, { metric: "revenue", variantId: report.variants[2]?.id ?? "" })).toContain("Revenue");
    expect(cumulativePlot(report, { metric: "nothing" })).toBeUndefined();
    expect(cumulativePlot(empty)).toBeUndefined();
  });
});
