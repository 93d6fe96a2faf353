import { DECISION_REASONS } from "@lotty/domain";
import { describe, expect, it } from "vitest";
import { exposeConfigurationState, type ConfigurationState } from "./configuration-metrics.ts";
import { createMetrics } from "./create-metrics.ts";

describe("createMetrics", () => {
  it("shows every reason, fault, look-up result and way from the start, at 0", async () => {
    const text = await createMetrics().registry.metrics();
    for (const reason of DECISION_REASONS)
      expect(text).toContain(`lotty_decide_requests_total{reason="${reason}"} 0\n`);
    for (const kind of ["parse", "evaluation"]) expect(text).toContain(`lotty_rule_faults_total{kind="${kind}"} 0\n`);
    for (const result of ["hit", "miss", "error"]) {
      expect(text).toContain(`lotty_decision_cache_lookups_total{result="${result}"} 0\n`);
    }
    for (const way of ["sync", "async", "sync_fallback", "spool", "disabled"]) {
      expect(text).toContain(`lotty_decisions_recorded_total{way="${way}"} 0\n`);
    }
    expect(text).toContain("lotty_history_conflicts_total 0\n");
  });

  it("counts what decisions do", async () => {
    const { decisions, registry } = createMetrics();
    decisions.decided("experiment_assigned");
    decisions.decided("experiment_assigned");
    decisions.ruleFault("parse");
    decisions.cacheLookup("hit");
    decisions.recorded("sync_fallback");
    decisions.historyConflict();
    const text = await registry.metrics();
    expect(text).toContain('lotty_decide_requests_total{reason="experiment_assigned"} 2\n');
    expect(text).toContain('lotty_rule_faults_total{kind="parse"} 1\n');
    expect(text).toContain('lotty_decision_cache_lookups_total{result="hit"} 1\n');
    expect(text).toContain('lotty_decisions_recorded_total{way="sync_fallback"} 1\n');
    expect(text).toContain("lotty_history_conflicts_total 1\n");
  });

  it("shows the process and the delay of its event loop under the usual names", async () => {
    const text = await createMetrics().registry.metrics();
    expect(text).toContain("process_resident_memory_bytes ");
    expect(text).toMatch(/nodejs_eventloop_lag_p99_seconds [\d.e-]+\n/);
  });

  it("keeps the metrics of two processes' worth of objects apart", async () => {
    const one = createMetrics();
    const other = createMetrics();
    one.decisions.historyConflict();
    expect(await other.registry.metrics()).toContain("lotty_history_conflicts_total 0\n");
  });
});

describe("exposeConfigurationState", () => {
  it("shows nothing before the first load and then the state at each scrape, for each environment", async () => {
    const { registry } = createMetrics();
    const environment = "production";
    let state: ConfigurationState = { environment, revision: undefined, ageSeconds: undefined, origin: undefined };
    let states = [state];
    exposeConfigurationState(registry, () => states);
    expect(await registry.metrics()).not.toMatch(/^lotty_configuration_(revision|age_seconds)\{/m);
    expect(await registry.metrics()).toContain('{environment="production",source="database"} 0\n');
    state = { environment, revision: 7, ageSeconds: 1.5, origin: "keeper" };
    states = [state, { ...state, environment: "staging", revision: 3 }];
    const text = await registry.metrics();
    expect(text).toContain('lotty_configuration_revision{environment="production"} 7\n');
    expect(text).toContain('lotty_configuration_revision{environment="staging"} 3\n');
    expect(text).toContain('lotty_configuration_age_seconds{environment="production"} 1.5\n');
    expect(text).toContain('lotty_configuration_source{environment="production",source="database"} 0\n');
    expect(text).toContain('lotty_configuration_source{environment="production",source="disk"} 1\n');
    states = [{ ...state, origin: "store" }];
    const later = await registry.metrics();
    expect(later).toContain('lotty_configuration_source{environment="production",source="database"} 1\n');
    expect(later).not.toContain("staging");
  });
});
