import { expect, test } from "vitest";
import { parseMetrics, sumOf } from "./process-metrics.ts";

const TEXT = `# HELP lotty_decisions_recorded_total Decisions.
# TYPE lotty_decisions_recorded_total counter
lotty_decisions_recorded_total{way="sync"} 3
lotty_decisions_recorded_total{way="async"} 4
lotty_decisions_recorded_totally 9
up 1.5
`;

test("a figure is found by its name and labels", () => {
  const metrics = parseMetrics(TEXT);
  expect(metrics.get('lotty_decisions_recorded_total{way="sync"}')).toBe(3);
  expect(metrics.get("up")).toBe(1.5);
});

test("figures of one name add up over their labels", () => {
  expect(sumOf(parseMetrics(TEXT), "lotty_decisions_recorded_total")).toBe(7);
  expect(sumOf(parseMetrics(TEXT), "missing")).toBe(0);
});
