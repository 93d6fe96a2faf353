import type { SubjectInContext } from "../assign.ts";
import { decide } from "../decide.ts";
import { COOLDOWN_DAYS, PARTICIPATION_LIMIT } from "../gates/participation.ts";
import type { Snapshot } from "../snapshot.ts";
import { domainGate } from "./domain-gate.ts";
import { experimentGate, flagGate, targetingGate } from "./early-gates.ts";
import type { Explanation, GateTrace } from "./explanation.ts";
import { traceFlagRules } from "./flag-rules-trace.ts";
import { allocationGate, keptVariantGate, variantGate, variantsGate } from "./late-gates.ts";
import { participationGate } from "./participation-gate.ts";

/**
 * Tells gate by gate why a subject gets what it gets. Reason and value are those of {@link decide}; each gate up to the
 * one that settled the decision shows its inputs.
 *
 * @throws LottyError `subject_not_encodable`
 */
export function explain(snapshot: Snapshot, flagKey: string, context: SubjectInContext): Explanation {
  const outcome = decide(snapshot, flagKey, context);
  return {
    flag: flagKey,
    subjectId: context.subject.id,
    revision: snapshot.revision,
    at: context.now,
    reason: outcome.reason,
    value: outcome.value,
    experimentId: outcome.experiment?.id ?? null,
    variantId: outcome.variant?.id ?? null,
    kept: outcome.kept,
    ruleId: outcome.flagRule?.id ?? null,
    gates: traceGates(snapshot, flagKey, context),
    flagRules: traceFlagRules(snapshot, { outcome, subject: context.subject }),
  };
}

/** The gates as long as none has failed; those that are not reached are listed without inputs. */
function traceGates(snapshot: Snapshot, flagKey: string, context: SubjectInContext): readonly GateTrace[] {
  const gates: GateTrace[] = [];
  for (const gate of gatesInOrder(snapshot, flagKey, context)) {
    gates.push(gate);
    if (gate.verdict === "failed") break;
  }
  return ALL_UNREACHED.map((unreached) => gates.find((gate) => gate.gate === unreached.gate) ?? unreached);
}

function* gatesInOrder(snapshot: Snapshot, flagKey: string, context: SubjectInContext): Generator<GateTrace> {
  const { subject } = context;
  const flag = snapshot.flags.get(flagKey);
  yield flagGate(flagKey, flag);
  if (flag?.flag.enabled !== true) return;
  yield experimentGate(flag, snapshot, subject);
  const compiled = flag.running;
  if (compiled === null) return;
  const kept = keptVariantGate(compiled, context);
  if (kept !== undefined) {
    yield kept;
    return;
  }
  yield targetingGate(compiled, subject.attributes, snapshot.segments);
  yield participationGate(compiled, context, snapshot.experiments);
  yield domainGate(compiled, context);
  yield allocationGate(compiled, subject.id);
  yield variantsGate(compiled);
  yield variantGate(compiled, subject.id);
}

const ALL_UNREACHED: readonly GateTrace[] = [
  { gate: "flag", verdict: "not_reached", flagKey: "" },
  { gate: "experiment", verdict: "not_reached" },
  { gate: "targeting", verdict: "not_reached" },
  { gate: "participation", verdict: "not_reached", limit: PARTICIPATION_LIMIT, cooldownDays: COOLDOWN_DAYS },
  { gate: "conflict_domains", verdict: "not_reached" },
  { gate: "allocation", verdict: "not_reached" },
  { gate: "variants", verdict: "not_reached" },
  { gate: "variant", verdict: "not_reached" },
];
