import type { ExperimentOutcome, Flag, Instant, Variant } from "@lotty/domain";
import { nextVersion } from "../next-version.ts";
import type { Refusal } from "../refusal.ts";

/** How an experiment is to end. */
export interface CompletionRequest {
  readonly kind: ExperimentOutcome["kind"];
  /** Name of the winner; only with `rollout_winner`. */
  readonly variant?: string;
  /** What was learned, for those who come after. */
  readonly comment: string;
}

/** The end of an experiment, or what is wrong with how it is to end. */
export type Completion =
  | {
      readonly ok: true;
      readonly outcome: ExperimentOutcome;
      /** The flag with the winner's value for its default; `null` when the flag stays as it is. */
      readonly flag: Flag | null;
    }
  | { readonly ok: false; readonly refusals: readonly Refusal[] };

/** Works out what completing an experiment means for its flag. */
export function complete(
  request: CompletionRequest,
  { variants, flag }: { readonly variants: readonly Variant[]; readonly flag: Flag },
  now: Instant,
): Completion {
  const refusals: Refusal[] = [];
  if (request.comment.trim() === "") refusals.push(invalid("comment", "Completing takes a comment: what was learned?"));
  const winner = variants.find(({ name }) => name === request.variant);
  if (request.kind === "rollout_winner" && winner === undefined) {
    const names = variants.map(({ name }) => name).join(", ");
    refusals.push(invalid("variant", `rollout_winner names the winner, one of ${names}.`));
  }
  if (request.kind !== "rollout_winner" && request.variant !== undefined) {
    refusals.push(
      invalid("variant", `${request.kind} has no winner; leave the variant out or complete with rollout_winner.`),
    );
  }
  if (refusals.length > 0) return { ok: false, refusals };
  const isRollout = request.kind === "rollout_winner" && winner !== undefined;
  const outcome = { kind: request.kind, variantId: isRollout ? winner.id : null, comment: request.comment };
  const rolledOut = isRollout ? nextVersion({ ...flag, defaultValue: winner.value }, now) : null;
  return { ok: true, outcome, flag: rolledOut };
}

function invalid(field: string, message: string): Refusal {
  return { code: "invalid_field", field, message };
}
