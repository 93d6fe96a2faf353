import { isJsonObject, type JsonValue } from "@lotty/domain";

/** Whether lists and objects are inside each other at most so deep. Needs no stack, so that it can be asked of anything. */
export function isAtMostDeep(value: JsonValue, depth: number): boolean {
  let level: readonly JsonValue[] = [value];
  for (let left = depth; level.length > 0; left -= 1) {
    const containers = level.filter((each) => typeof each === "object" && each !== null);
    if (containers.length === 0) return true;
    if (left === 0) return false;
    level = containers.flatMap((each) => (isJsonObject(each) ? Object.values(each) : each));
  }
  return true;
}
