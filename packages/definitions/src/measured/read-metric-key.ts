import type { Located, NodeReader } from "../node-reader.ts";
import { readReference } from "../read-reference.ts";
import type { MetricReading } from "./read-metric.ts";

/** Reads the key of a metric that the same file states. One that is archived is doubtful. */
export function readMetricKey(
  reader: NodeReader,
  value: Located,
  metrics: ReadonlyMap<string, MetricReading>,
): string | undefined {
  const target = { known: new Set(metrics.keys()), noun: "metric", section: "metrics" };
  const key = readReference(reader, value, target);
  if (key !== undefined && metrics.get(key)?.archived === true) {
    reader.problems.warn(value.place, value.path, { message: `the metric \`${key}\` is archived` });
  }
  return key;
}
