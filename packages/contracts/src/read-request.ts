import type { z } from "zod";
import { MAX_LISTED_FAULTS } from "./limits.ts";

/** One thing that is wrong with a request. */
export interface RequestFault {
  /** Where, as a JSON Pointer into the body; empty for the body as a whole. */
  readonly path: string;
  /** What is wrong, for people. Never contains a value that the caller sent. */
  readonly message: string;
}

/** A request that was read, or everything that is wrong with it. */
export type Read<T> =
  | { readonly ok: true; readonly request: T }
  | { readonly ok: false; readonly faults: readonly RequestFault[] };

// Names are repeated only where they look like the name of a field, so that a misplaced secret or a document that was
// sent by mistake does not come back in answers and logs.
const FIELD_NAME = /^[A-Za-z_][A-Za-z0-9_-]{0,63}$/;

/** Reads a body by a schema. Lists at most {@link MAX_LISTED_FAULTS} faults. */
export function readWith<T>(schema: z.ZodType<T>, body: unknown): Read<T> {
  const parsed = schema.safeParse(body);
  if (parsed.success) return { ok: true, request: parsed.data };
  return {
    ok: false,
    faults: parsed.error.issues.flatMap(faultsOfIssue).slice(0, MAX_LISTED_FAULTS),
  };
}

function faultsOfIssue(issue: z.core.$ZodIssue): readonly RequestFault[] {
  const path = pointer(issue.path);
  if (issue.code !== "unrecognized_keys") return [{ path, message: issue.message }];
  return issue.keys
    .slice(0, MAX_LISTED_FAULTS)
    .map((key) =>
      FIELD_NAME.test(key)
        ? { path: `${path}/${key}`, message: "is not a field of this request" }
        : { path, message: "has a field that is not one of this request" },
    );
}

function pointer(path: readonly PropertyKey[]): string {
  return path.map((step) => `/${String(step)}`).join("");
}
