import type { IncomingMessage } from "node:http";
import type { OperationParameter } from "@lotty/contracts";
import { ifMatchSchema } from "@lotty/contracts";
import type { ProblemDraft } from "../../http/problem-answer.ts";

/**
 * How a change says which version it is made for: it has to name one (`named`), may say that any will do (`any`), or may say nothing
 * as well (`optional`), which is for what has to be stopped at once.
 */
export type VersionRule = "named" | "any" | "optional";

/** The version that a request was made for. */
export type ReadVersion =
  | { readonly ok: true; readonly version: number | undefined }
  | { readonly ok: false; readonly problem: ProblemDraft };

const TAG = /^"(\d{1,10})"$/;

/** The tag of a version. */
export function versionTag(version: number): string {
  return `"${version}"`;
}

/** Reads `If-Match`. */
export function readIfMatch({ headers }: IncomingMessage, rule: VersionRule): ReadVersion {
  const header = headers["if-match"]?.trim();
  if (header === undefined) return rule === "optional" ? { ok: true, version: undefined } : missing(rule);
  if (header === "*") return rule === "named" ? missing(rule) : { ok: true, version: undefined };
  const digits = TAG.exec(header)?.[1];
  if (digits !== undefined) return { ok: true, version: Number(digits) };
  const detail = 'If-Match must be the ETag of an earlier answer, such as "3" with its quotation marks.';
  return { ok: false, problem: { code: "invalid_request", detail } };
}

function missing(rule: VersionRule): ReadVersion {
  const anyway = rule === "named" ? "" : ", or * for any";
  const detail = `Say in If-Match for which version the change is made: the ETag of the answer that you have seen${anyway}.`;
  return { ok: false, problem: { code: "precondition_required", detail } };
}

/** What the description of the API says about `If-Match` by a rule. */
export function ifMatchParameter(rule: VersionRule): OperationParameter {
  const any = rule === "named" ? "" : " `*` stands for any.";
  return {
    name: "If-Match",
    in: "header",
    required: rule !== "optional",
    description: `The ETag of what the caller has seen; 412 when it has changed since, 428 without it.${any}`,
    schema: ifMatchSchema,
  };
}
