import type { Refusal } from "@lotty/identity";
import type { ProblemDraft } from "../http/problem-answer.ts";

/** The problem that tells a caller what is missing. */
export function describeRefusal(refusal: Refusal): ProblemDraft {
  switch (refusal.kind) {
    case "unauthenticated":
      return unauthenticated("This needs an API key (Authorization: Bearer) or a session.");
    case "missing_scope":
      return { code: "forbidden", detail: `This needs a key with the scope ${refusal.scope}.` };
    case "missing_role":
      return { code: "forbidden", detail: `This needs the role ${refusal.role}.` };
    case "client_key":
      return { code: "forbidden", detail: "This needs a key of the type server: client keys get values only." };
    case "other_environment":
      return { code: "forbidden", detail: "The key is bound to another environment." };
    case "not_everywhere":
      return {
        code: "forbidden",
        detail: "This concerns all environments: it needs a key of production, or a session.",
      };
  }
}

/** 401 with the header that says how to do better (RFC 9110, section 11.6.1). */
export function unauthenticated(detail: string): ProblemDraft {
  return { code: "unauthenticated", detail, headers: { "www-authenticate": 'Bearer realm="lotty"' } };
}
