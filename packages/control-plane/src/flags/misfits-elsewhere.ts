import { flagElsewhere } from "@lotty/domain";
import type { ValueSchemas } from "@lotty/value-schemas";
import type { Refusal } from "../refusal.ts";
import type { OtherEnvironment } from "../services/elsewhere.ts";
import { valueRefusals } from "./check-flag.ts";
import type { DescribedFlag } from "./edit-flag.ts";

/**
 * What is wrong with the values that a flag has in other environments, once it has another type or schema.
 *
 * @param after the flag as it would be where it is changed
 * @returns refusals whose fields begin with `environments.` and the key of the environment
 */
export function misfitsElsewhere(
  { details, flag: here }: DescribedFlag,
  others: readonly OtherEnvironment[],
  schemas: ValueSchemas,
): readonly Refusal[] {
  return others.flatMap(({ configuration, environment }) => {
    const there = configuration.flags.find(({ id }) => id === here.id);
    const flag = flagElsewhere(here, there, true);
    if (flag === undefined) return [];
    return valueRefusals({ flag, details, configuration, schemas }).map((refusal) =>
      refusal.code === "invalid_field"
        ? { ...refusal, field: `environments.${environment.key}.${refusal.field}` }
        : refusal,
    );
  });
}
