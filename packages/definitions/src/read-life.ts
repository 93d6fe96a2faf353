import { EXPERIMENT_OUTCOMES, type ExperimentStatus, formatInstant, type Instant, parseInstant } from "@lotty/domain";
import type { OutcomeDefinition, VariantDefinition } from "./definitions.ts";
import { DEFINITION_LIMITS } from "./limits.ts";
import type { Located, NodeReader } from "./node-reader.ts";
import { readText } from "./read-texts.ts";

/** The experiment that an outcome is of. */
export interface EndedExperiment {
  readonly status: ExperimentStatus | undefined;
  readonly variants: readonly VariantDefinition[] | undefined;
}

/** Reads how an experiment ended. */
export function readOutcome(
  reader: NodeReader,
  value: Located,
  { status, variants }: EndedExperiment,
): OutcomeDefinition | undefined {
  const fields = reader.fields(value, ["kind", "variant", "comment"]);
  if (fields === undefined) return undefined;
  if (status !== undefined && status !== "completed" && status !== "archived") {
    return reader.reject(value, `an experiment that is ${status} has no outcome`);
  }
  const kindField = reader.required(fields, "kind");
  const commentField = reader.required(fields, "comment");
  const kind = kindField && reader.choice(kindField, EXPERIMENT_OUTCOMES);
  const comment = commentField && readText(reader, commentField, DEFINITION_LIMITS.maxTextLength);
  const variant = fields.variant === undefined ? null : reader.name(fields.variant);
  if (kind === undefined || comment === undefined || variant === undefined) return undefined;
  if (variant !== null && fields.variant !== undefined) {
    if (kind !== "rollout_winner") return reader.reject(fields.variant, `an outcome \`${kind}\` has no winner`);
    if (variants?.every(({ name }) => name !== variant) === true) {
      return reader.reject(fields.variant, `the experiment has no variant \`${variant}\``);
    }
  }
  return { kind, variant, comment: comment ?? "" };
}

/** Reads a date and time. */
export function readInstant(reader: NodeReader, value: Located): Instant | undefined {
  const text = reader.text(value);
  if (text === undefined) return undefined;
  const instant = parseInstant(text);
  // What cannot be printed as it was read would change at the next export.
  if (instant !== undefined && parseInstant(formatInstant(instant)) === instant) return instant;
  return reader.reject(value, "must be a date and time such as 2026-05-01T12:00:00Z");
}
