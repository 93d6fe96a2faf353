import type { JsonObject, Subject } from "@lotty/domain";
import type { CompiledExperiment } from "../compile-experiment.ts";
import type { CompiledSegments } from "../compile-segments.ts";
import { targetingMiss } from "../gates/targeting.ts";
import { givesControl } from "../rolled-back.ts";
import type { CompiledFlag, Snapshot } from "../snapshot.ts";
import type { GateTrace } from "./explanation.ts";
import { clausesToFlip, EVALUATION_FAULT, printTested, traceRule } from "./trace-rule.ts";

/** Gate 1. */
export function flagGate(flagKey: string, flag: CompiledFlag | undefined): GateTrace {
  if (flag !== undefined) {
    const { enabled } = flag.flag;
    if (enabled) return { gate: "flag", verdict: "passed", flagKey, enabled };
    return { gate: "flag", verdict: "failed", flagKey, enabled, change: "The flag would have to be enabled." };
  }
  return { gate: "flag", verdict: "failed", flagKey, change: "A flag with this key would have to exist." };
}

/** Gate 2. */
export function experimentGate(flag: CompiledFlag, snapshot: Snapshot, subject: Subject): GateTrace {
  if (flag.running !== null) {
    return { gate: "experiment", verdict: "passed", ...namesOf(flag.running) };
  }
  const paused = [...snapshot.experiments.values()].find(
    (compiled) => compiled.flag.id === flag.flag.id && compiled.active,
  );
  if (paused === undefined) {
    return { gate: "experiment", verdict: "failed", change: "An experiment on the flag would have to be started." };
  }
  const change = `Experiment ${paused.experiment.key} would have to be resumed.`;
  const { rolledBack } = flag;
  return {
    gate: "experiment",
    verdict: "failed",
    ...namesOf(paused),
    ...(rolledBack !== null && { givesControl: givesControl(rolledBack, subject) }),
    change,
  };
}

function namesOf({ experiment }: CompiledExperiment): {
  readonly experimentId: string;
  readonly experimentKey: string;
  readonly status: CompiledExperiment["experiment"]["status"];
} {
  return { experimentId: experiment.id, experimentKey: experiment.key, status: experiment.status };
}

/** Gate 3. */
export function targetingGate(
  compiled: CompiledExperiment,
  attributes: JsonObject,
  segments: CompiledSegments,
): GateTrace {
  const text = compiled.experiment.targetingRules;
  const { rule } = compiled;
  if ("fault" in rule) {
    const change = "The rule would have to be corrected: as it is, it takes nobody.";
    return { gate: "targeting", verdict: "failed", rule: text, fault: rule.fault, change };
  }
  const clauses = rule.rule === null ? [] : traceRule(rule.rule, attributes, segments).clauses;
  const miss = targetingMiss(compiled, attributes);
  if (miss === null) return { gate: "targeting", verdict: "passed", rule: text, clauses };
  const tested = rule.rule === null ? [] : clausesToFlip(rule.rule, attributes, segments.tests).map(printTested);
  const change = `The test of ${[...new Set(tested)].join(" and ")} would have to come out otherwise.`;
  if (miss.ruleFault === null) return { gate: "targeting", verdict: "failed", rule: text, clauses, change };
  return { gate: "targeting", verdict: "failed", rule: text, clauses, fault: EVALUATION_FAULT, change };
}
