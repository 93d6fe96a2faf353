import type { RouteParams } from "./serve.ts";

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The id in a path; `undefined` for a text that is no UUID in lower case, and so nobody's id. */
export function idIn(params: RouteParams, name: string): string | undefined {
  const text = Object.hasOwn(params, name) ? params[name] : undefined;
  return typeof text === "string" && UUID.test(text) ? text : undefined;
}
