import type { FlagEdit, NewFlag } from "@lotty/control-plane";
import type { FlagEditRequest, NewFlagRequest } from "./flag-requests.ts";

/** The edit that a request asks for. */
export function flagEditOf(request: FlagEditRequest): FlagEdit {
  const { description, enabled, owner, rules, schema, tags, type } = request;
  return {
    ...(type !== undefined && { valueType: type }),
    ...(request.default !== undefined && { defaultValue: request.default }),
    ...(enabled !== undefined && { enabled }),
    ...(rules !== undefined && {
      rules: rules.map(({ id, rollout, rule, value }) => ({
        ...(id !== undefined && { id }),
        targetingRules: rule,
        value,
        rollout,
      })),
    }),
    ...(description !== undefined && { description }),
    ...(owner !== undefined && { owner }),
    ...(tags !== undefined && { tags }),
    ...(schema !== undefined && { valueSchema: schema }),
  };
}

/** The flag that a request asks for. */
export function newFlagOf(request: NewFlagRequest): NewFlag {
  return {
    ...flagEditOf(request),
    key: request.key,
    valueType: request.type,
    defaultValue: request.default,
  };
}
