import type { JsonObject } from "@lotty/domain";
import type { Access } from "@lotty/identity";

/** How callers say who they are. */
export const SECURITY_SCHEMES: JsonObject = {
  bearer: { type: "http", scheme: "bearer", description: "An API key." },
  apiKey: { type: "apiKey", in: "header", name: "X-API-Key", description: "An API key, as clients of OFREP send it." },
  session: {
    type: "apiKey",
    in: "cookie",
    name: "lotty_session",
    description:
      "A person's session: `__Host-lotty_session` beyond the machine itself. Changes need `X-CSRF-Token` besides.",
  },
};

/**
 * Who may use an operation, as OpenAPI 3.1 has it: one of the ways, with the scope that a key must have, or the role that a person
 * must have. An installation that trusts its own machine asks for less.
 */
export function securityOf(access: Access): readonly JsonObject[] {
  if (access.kind === "public") return [];
  const { role, scope } = access;
  return [{ bearer: [scope] }, { apiKey: [scope] }, { session: [role] }];
}
