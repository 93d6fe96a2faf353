import { DEFAULT_ENVIRONMENT_ID, type DecisionRecord } from "@lotty/domain";
import { Uuid7Source } from "@lotty/runtime";

const SUBJECTS = 100_000;
const DIGEST = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

/**
 * Makes decisions as they come through the stream: by subjects that no experiment took, since assignments are never queued.
 * Each has an id of its own, of the day it is.
 */
export class DecisionMaker {
  readonly #ids = new Uuid7Source();
  #made = 0;

  make(count: number): readonly DecisionRecord[] {
    const decidedAt = Date.now() * 1_000;
    return Array.from({ length: count }, () => {
      this.#made += 1;
      return {
        decisionId: this.#ids.next(decidedAt),
        environmentId: DEFAULT_ENVIRONMENT_ID,
        flagKey: "checkout-button-colour",
        subjectId: `subject-${this.#made % SUBJECTS}`,
        experimentId: "43978ec1-21eb-58c6-89c6-a6b496c689b7",
        variantId: null,
        value: "grey",
        reason: "targeting_mismatch",
        ruleId: null,
        flagVersion: 1,
        experimentVersion: 1,
        attributesDigest: DIGEST,
        hashVersion: 1,
        decidedAt,
      };
    });
  }

  /** So many in all, in batches, each made when it is asked for. */
  *batches(count: number, size: number): Generator<readonly DecisionRecord[], undefined> {
    for (let left = count; left > 0; left -= size) yield this.make(Math.min(left, size));
  }
}
