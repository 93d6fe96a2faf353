import { readPlainAction } from "@lotty/contracts";
import {
  presentNotificationRule,
  readNewNotificationRule,
  readNotificationRuleEdit,
  ruleEditOf,
  ruleFieldsOf,
} from "@lotty/contracts/notifications";
import type { NotificationRule } from "@lotty/domain";
import type { Answer } from "../../http/answer.ts";
import type { Route } from "../../routing/route.ts";
import type { ControlParts } from "../control/api-control.ts";
import { change, createdAnswer, GONE, naming, versionAnswer } from "../control/changing.ts";
import { listAnswer, nothingThere, withId } from "../control/looking.ts";
import {
  CREATE_RULE_OPERATION,
  EDIT_RULE_OPERATION,
  FIND_RULE_OPERATION,
  LIST_RULES_OPERATION,
  REMOVE_RULE_OPERATION,
} from "./rule-operations.ts";

const PATH = "/v1/notification-rules";
const ONE = `${PATH}/:rule_id`;

/** What people are told where. */
export function notificationRuleRoutes(parts: ControlParts): readonly Route[] {
  const { control } = parts;
  const look = { kind: "scope", scope: "read", role: "viewer" } as const;
  const manage = { kind: "scope", scope: "manage", role: "experimenter" } as const;
  return [
    {
      method: "GET",
      path: PATH,
      access: look,
      operation: LIST_RULES_OPERATION,
      handler: async (asked) => {
        const rules = await control().notifications.reads.notificationRules(asked.environmentId);
        return listAnswer("rules", rules.map(presentNotificationRule));
      },
    },
    {
      method: "GET",
      path: ONE,
      access: look,
      operation: FIND_RULE_OPERATION,
      handler: withId("rule_id", async (ruleId, asked) => {
        const rules = await control().notifications.reads.notificationRules(asked.environmentId);
        const rule = rules.find(({ id }) => id === ruleId);
        return rule === undefined ? nothingThere(asked.requestId) : ruleAnswer(rule);
      }),
    },
    {
      method: "POST",
      path: PATH,
      access: manage,
      operation: CREATE_RULE_OPERATION,
      idempotent: true,
      handler: (asked) =>
        change(asked, parts, {
          read: readNewNotificationRule,
          run: (command, body) => control().notifications.rules.create({ ...command, fields: ruleFieldsOf(body) }),
          answer: (rule) => createdAnswer(ruleAnswer(rule), `${PATH}/${rule.id}`),
        }),
    },
    {
      method: "PATCH",
      path: ONE,
      access: manage,
      operation: EDIT_RULE_OPERATION,
      handler: withId("rule_id", (ruleId, asked) =>
        change(asked, parts, {
          version: "named",
          read: readNotificationRuleEdit,
          run: (command, body) =>
            control().notifications.rules.edit({ ...naming(command), ruleId, edit: ruleEditOf(body) }),
          answer: ruleAnswer,
        }),
      ),
    },
    {
      method: "DELETE",
      path: ONE,
      access: manage,
      operation: REMOVE_RULE_OPERATION,
      handler: withId("rule_id", (ruleId, asked) =>
        change(asked, parts, {
          version: "any",
          read: readPlainAction,
          run: (command) => control().notifications.rules.remove({ ...command, ruleId }),
          answer: () => GONE,
        }),
      ),
    },
  ];
}

function ruleAnswer(rule: NotificationRule): Answer {
  return versionAnswer(presentNotificationRule(rule));
}
