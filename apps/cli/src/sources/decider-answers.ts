import {
  type DecisionResponse,
  type ExplanationResponse,
  MAX_FLAGS,
  presentDecision,
  presentExplanation,
} from "@lotty/contracts";
import type { Decider } from "@lotty/decisions";
import { LottyError, type Subject } from "@lotty/domain";
import { formatClause } from "@lotty/dsl";

/** Asks a decider in this process, and presents its answers as the HTTP API does. */
export class DeciderAnswers {
  readonly #decider: Decider;

  constructor(decider: Decider) {
    this.#decider = decider;
  }

  async decide(flags: readonly string[], subject: Subject, record: boolean): Promise<readonly DecisionResponse[]> {
    refuseTooManyFlags(flags);
    const decisions = await this.#decider.decideForFlags(flags, { subject, peek: !record });
    return decisions.map(presentDecision);
  }

  async explain(flag: string, subject: Subject): Promise<ExplanationResponse> {
    return presentExplanation(await this.#decider.explainForFlag(flag, { subject }), formatClause);
  }
}

/** One limit for every source, so that a command does not depend on where it is asked. */
export function refuseTooManyFlags(flags: readonly string[]): void {
  if (flags.length <= MAX_FLAGS) return;
  throw new LottyError("request_too_large", `at most ${MAX_FLAGS} flags can be decided together, not ${flags.length}`);
}
