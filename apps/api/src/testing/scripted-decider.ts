import type { AnsweredDecision, DecideRequest, Decider } from "@lotty/decisions";
import type { Explanation } from "@lotty/engine";

/** What a decider was asked. */
export interface AskedOfDecider {
  readonly method: "decideForFlag" | "decideForFlags" | "explainForFlag";
  readonly flags: readonly string[];
  readonly request: DecideRequest;
}

/** A decider that answers the same to everyone and keeps what it was asked. */
export class ScriptedDecider implements Decider {
  readonly asked: AskedOfDecider[] = [];
  /** Awaited before each answer: throw or wait here. */
  before: () => void | Promise<void> = () => {};

  async decideForFlag(flag: string, request: DecideRequest): Promise<AnsweredDecision> {
    this.asked.push({ method: "decideForFlag", flags: [flag], request });
    await this.before();
    return decisionFor(flag, request);
  }

  async decideForFlags(flags: readonly string[], request: DecideRequest): Promise<readonly AnsweredDecision[]> {
    this.asked.push({ method: "decideForFlags", flags, request });
    await this.before();
    return flags.map((flag) => decisionFor(flag, request));
  }

  /** Needs to ask somebody for everything. */
  peekNow(): undefined {
    return undefined;
  }

  async explainForFlag(flag: string, request: DecideRequest): Promise<Explanation> {
    this.asked.push({ method: "explainForFlag", flags: [flag], request });
    await this.before();
    return {
      flag,
      subjectId: request.subject.id,
      revision: 1,
      at: 1_772_366_400_000_000,
      reason: "targeting_mismatch",
      value: false,
      experimentId: null,
      variantId: null,
      kept: false,
      ruleId: null,
      gates: [
        { gate: "flag", verdict: "passed", flagKey: flag },
        {
          gate: "targeting",
          verdict: "failed",
          clauses: [
            {
              clause: { kind: "exists", path: ["plan"] },
              actual: request.subject.attributes,
              result: "false",
            },
          ],
        },
      ],
      flagRules: [],
    };
  }
}

function decisionFor(flag: string, request: DecideRequest): AnsweredDecision {
  return {
    decisionId: "01936f00-0000-7000-8000-000000000001",
    flag,
    value: "wide",
    experimentId: "01936f00-0000-7000-8000-00000000000e",
    variantId: "01936f00-0000-7000-8000-00000000000f",
    reason: "experiment_assigned",
    ruleId: null,
    durability: request.peek === true ? "none" : "committed",
    source: "computed",
  };
}
