import type { Configuration } from "@lotty/domain";
import type { ValueSchemas } from "@lotty/value-schemas";
import { valueRefusals } from "../flags/check-flag.ts";
import { isSameValueKind } from "../flags/edit-flag.ts";
import type { Refusal } from "../refusal.ts";
import type { ChangedFlag } from "./changed-flags.ts";

/**
 * What experiments that a file does not state, and that stay, have against the flags of the file.
 *
 * @param kept the configuration with these experiments only
 */
export function keptRefusals(
  changed: readonly ChangedFlag[],
  kept: Configuration,
  schemas: ValueSchemas,
): readonly Refusal[] {
  return changed.flatMap(({ after, before }) => {
    if (after === null || isSameValueKind(before, after)) return [];
    return valueRefusals({ ...after, configuration: kept, schemas }).map((refusal) =>
      refusal.code === "invalid_field" ? { ...refusal, field: `flags.${after.flag.key}.${refusal.field}` } : refusal,
    );
  });
}
