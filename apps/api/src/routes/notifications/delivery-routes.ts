import { cursorOf, readPlainAction } from "@lotty/contracts";
import { presentDelivery, readDeliveriesQuery } from "@lotty/contracts/notifications";
import { jsonAnswer } from "../../http/answer.ts";
import type { Route } from "../../routing/route.ts";
import type { ControlParts } from "../control/api-control.ts";
import { change } from "../control/changing.ts";
import { listAnswer, looking, nothingThere, withId } from "../control/looking.ts";
import { FIND_DELIVERY_OPERATION, LIST_DELIVERIES_OPERATION, REPLAY_DELIVERY_OPERATION } from "./rule-operations.ts";
import { queuedAnswer } from "./webhook-routes.ts";

const PATH = "/v1/deliveries";
const ONE = `${PATH}/:delivery_id`;

/** What became of messages to webhooks. What receivers have answered is not for everybody. */
export function deliveryRoutes(parts: ControlParts): readonly Route[] {
  const { control } = parts;
  const look = { kind: "scope", scope: "read", role: "experimenter" } as const;
  return [
    {
      method: "GET",
      path: PATH,
      access: look,
      operation: LIST_DELIVERIES_OPERATION,
      handler: looking(readDeliveriesQuery, async ({ cursor, limit, status, webhook_id: webhookId }, asked) => {
        const found = await control().notifications.reads.deliveries({
          environmentId: asked.environmentId,
          limit: limit + 1,
          ...(webhookId !== undefined && { webhookId }),
          ...(status !== undefined && { status }),
          ...(cursor !== undefined && { before: cursor }),
        });
        const page = found.slice(0, limit);
        const last = page.at(-1);
        const next = last === undefined || found.length <= limit ? null : cursorOf(last.id);
        return listAnswer("deliveries", page.map(presentDelivery), next);
      }),
    },
    {
      method: "GET",
      path: ONE,
      access: look,
      operation: FIND_DELIVERY_OPERATION,
      handler: withId("delivery_id", async (deliveryId, asked) => {
        const delivery = await control().notifications.reads.delivery(asked.environmentId, deliveryId);
        return delivery === undefined ? nothingThere(asked.requestId) : jsonAnswer(presentDelivery(delivery));
      }),
    },
    {
      method: "POST",
      path: `${ONE}/replay`,
      access: { kind: "scope", scope: "manage", role: "admin" },
      operation: REPLAY_DELIVERY_OPERATION,
      idempotent: true,
      handler: withId("delivery_id", (deliveryId, asked) =>
        change(asked, parts, {
          read: readPlainAction,
          run: (command) => control().notifications.webhooks.replay({ ...command, deliveryId }),
          answer: queuedAnswer,
        }),
      ),
    },
  ];
}
