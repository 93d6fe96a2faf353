import { expect, it } from "vitest";
import { createMetrics } from "./create-metrics.ts";
import { exposeSpool, type SpoolState } from "./spool-metrics.ts";

const PREFIXES = { decisions: "lotty_spool", events: "lotty_event_spool" } as const;

it.each(["decisions", "events"] as const)("exposeSpool shows the state of %s at each scrape", async (of) => {
  const { registry } = createMetrics();
  let state: SpoolState = { rows: 0, bytes: 0, oldestSeconds: undefined, setAside: 0, drained: 0 };
  exposeSpool(registry, of, () => state);
  const names = ["rows", "bytes", "oldest_seconds", "set_aside_rows", "drained_total"].map(
    (name) => `${PREFIXES[of]}_${name}`,
  );
  const empty = await registry.metrics();
  for (const name of names) expect(empty).toContain(`${name} 0\n`);
  state = { rows: 3, bytes: 900, oldestSeconds: 1.5, setAside: 1, drained: 7 };
  const full = await registry.metrics();
  for (const [index, value] of [3, 900, 1.5, 1, 7].entries()) expect(full).toContain(`${names[index]} ${value}\n`);
  expect(await registry.metrics()).toContain(`${PREFIXES[of]}_drained_total 7\n`);
});
