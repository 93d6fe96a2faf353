import {
  type DecisionResponse,
  type ExplanationResponse,
  MAX_FLAGS,
  presentDecision,
  presentExplanation,
} from "@lotty/contracts";
import type { Decider } from "@lotty/decisions";
import { DEFAULT_ENVIRONMENT_ID, LottyError, type Subject } from "@lotty/domain";
import { formatClause } from "@lotty/dsl";

/** Asks a decider in this process, and presents its answers as the HTTP API does. */
export class DeciderAnswers {
  readonly #decider: Decider;
  readonly #environmentId: string;

  constructor(decider: Decider, environmentId: string = DEFAULT_ENVIRONMENT_ID) {
    this.#decider = decider;
    this.#environmentId = environmentId;
  }

  async decide(flags: readonly string[], subject: Subject, record: boolean): Promise<readonly DecisionResponse[]> {
    refuseTooManyFlags(flags);
    const environmentId = this.#environmentId;
    const decisions = await this.#decider.decideForFlags(flags, { subject, environmentId, peek: !record });
    return decisions.map(presentDecision);
  }

  async explain(flag: string, subject: Subject): Promise<ExplanationResponse> {
    const explanation = await this.#decider.explainForFlag(flag, { subject, environmentId: this.#environmentId });
    return presentExplanation(explanation, formatClause);
  }
}

/** One limit for every source, so that a command does not depend on where it is asked. */
export function refuseTooManyFlags(flags: readonly string[]): void {
  if (flags.length <= MAX_FLAGS) return;
  throw new LottyError("request_too_large", `at most ${MAX_FLAGS} flags can be decided together, not ${flags.length}`);
}
