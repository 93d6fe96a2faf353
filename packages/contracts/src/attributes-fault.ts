import { MAX_ATTRIBUTE_DEPTH, MAX_ATTRIBUTE_ENTRIES, MAX_ATTRIBUTE_NAME_LENGTH } from "./limits.ts";

/** What is wrong with attributes that come from outside. */
export type AttributesFault = "not_an_object" | "too_deep" | "too_many_entries" | "name_too_long";

/**
 * Checks attributes as `JSON.parse` gives them against the limits of depth, entries and name length; `undefined` means
 * that they are fine. Stops at the first fault, so hostile input costs no more than the largest permitted one, and
 * never descends below the deepest permitted level, so no nesting can exhaust the stack.
 */
export function attributesFault(attributes: unknown): AttributesFault | undefined {
  if (typeof attributes !== "object" || attributes === null || Array.isArray(attributes)) return "not_an_object";
  return new Walk().faultOf(attributes, 1);
}

class Walk {
  private entries = 0;

  faultOf(container: object, depth: number): AttributesFault | undefined {
    if (depth > MAX_ATTRIBUTE_DEPTH) return "too_deep";
    return Array.isArray(container) ? this.faultOfList(container, depth) : this.faultOfObject(container, depth);
  }

  private faultOfList(list: readonly unknown[], depth: number): AttributesFault | undefined {
    this.entries += list.length;
    if (this.entries > MAX_ATTRIBUTE_ENTRIES) return "too_many_entries";
    for (const element of list) {
      const fault = this.faultOfValue(element, depth);
      if (fault !== undefined) return fault;
    }
    return undefined;
  }

  private faultOfObject(object: object, depth: number): AttributesFault | undefined {
    for (const [name, value] of Object.entries(object)) {
      if (++this.entries > MAX_ATTRIBUTE_ENTRIES) return "too_many_entries";
      if (name.length > MAX_ATTRIBUTE_NAME_LENGTH) return "name_too_long";
      const fault = this.faultOfValue(value, depth);
      if (fault !== undefined) return fault;
    }
    return undefined;
  }

  private faultOfValue(value: unknown, depth: number): AttributesFault | undefined {
    return typeof value === "object" && value !== null ? this.faultOf(value, depth + 1) : undefined;
  }
}
