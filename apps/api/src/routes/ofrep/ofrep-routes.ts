import type { Route } from "../../routing/route.ts";
import { evaluateFlagHandler } from "./evaluate-flag.ts";
import { evaluateFlagsHandler } from "./evaluate-flags.ts";
import { EVALUATE_FLAG_OPERATION, EVALUATE_FLAGS_OPERATION } from "./ofrep-operations.ts";
import type { OfrepParts } from "./ofrep-parts.ts";

/** The OpenFeature remote evaluation protocol, version 0.3. */
export function ofrepRoutes(parts: OfrepParts): readonly Route[] {
  const access = { kind: "scope", scope: "decide", role: "viewer" } as const;
  return [
    {
      method: "POST",
      path: "/ofrep/v1/evaluate/flags/:key",
      access,
      operation: EVALUATE_FLAG_OPERATION,
      handler: evaluateFlagHandler(parts),
    },
    {
      method: "POST",
      path: "/ofrep/v1/evaluate/flags",
      access,
      operation: EVALUATE_FLAGS_OPERATION,
      handler: evaluateFlagsHandler(parts),
    },
  ];
}
