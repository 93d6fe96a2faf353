import type { Refusal } from "@lotty/control-plane";

/** Longest names. */
const MAX_NAME = 256;

/** What is wrong with a name among others. */
export function nameRefusals(
  { id, name }: { readonly id: string; readonly name: string },
  others: readonly { readonly id: string; readonly name: string }[],
): readonly Refusal[] {
  const refusals: Refusal[] = [];
  if (name.trim() === "" || name.length > MAX_NAME) {
    refusals.push(invalid("name", `A name has 1 to ${MAX_NAME} characters, and not only space.`));
  }
  if (others.some((other) => other.id !== id && other.name === name)) {
    refusals.push({ code: "key_taken", message: `Another one is called ${name}.`, key: name });
  }
  return refusals;
}

/** The refusal of a field. */
export function invalid(field: string, message: string): Refusal {
  return { code: "invalid_field", field, message };
}
