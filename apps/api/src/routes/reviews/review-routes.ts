import { presentApproverGroup, presentReviews, readApproverGroup, readPlainAction } from "@lotty/contracts";
import { jsonAnswer } from "../../http/answer.ts";
import type { Route } from "../../routing/route.ts";
import type { ControlParts } from "../control/api-control.ts";
import { questionOf } from "../control/asked-by.ts";
import { answerOf, change, createdAnswer, GONE } from "../control/changing.ts";
import { listAnswer, nothingThere, withId } from "../control/looking.ts";
import {
  CREATE_GROUP_OPERATION,
  FIND_GROUP_OPERATION,
  LIST_GROUPS_OPERATION,
  REMOVE_GROUP_OPERATION,
  REPLACE_GROUP_OPERATION,
  REVIEWS_OPERATION,
} from "./review-operations.ts";

const PATH = "/v1/approver-groups";
const ONE = `${PATH}/:group_id`;

const LOOK = { kind: "scope", scope: "read", role: "viewer" } as const;
const CHANGE = { kind: "scope", scope: "manage", role: "admin" } as const;

/** Reviews of experiments, and the groups that give them. */
export function reviewRoutes(parts: ControlParts): readonly Route[] {
  const { control } = parts;
  return [
    {
      method: "GET",
      path: "/v1/experiments/:experiment_id/reviews",
      access: LOOK,
      operation: REVIEWS_OPERATION,
      handler: withId("experiment_id", async (experimentId, asked) => {
        const { certificates, experiments, store } = control();
        const reviews = await store.reviews(asked.environmentId, experimentId);
        const certificate = await certificates.latest(asked.environmentId, experimentId);
        const standing = await experiments.standing({ ...questionOf(asked), experimentId });
        return answerOf(standing, (found) => jsonAnswer(presentReviews(found, reviews, certificate)), asked.requestId);
      }),
    },
    ...lookingRoutes(parts),
    ...changingRoutes(parts),
  ];
}

function lookingRoutes({ control }: ControlParts): readonly Route[] {
  return [
    {
      method: "GET",
      path: PATH,
      access: LOOK,
      operation: LIST_GROUPS_OPERATION,
      handler: async (asked) => {
        const groups = await control().store.approverGroups(asked.environmentId);
        return listAnswer("approver_groups", groups.map(presentApproverGroup));
      },
    },
    {
      method: "GET",
      path: ONE,
      access: LOOK,
      operation: FIND_GROUP_OPERATION,
      handler: withId("group_id", async (groupId, asked) => {
        const groups = await control().store.approverGroups(asked.environmentId);
        const group = groups.find(({ id }) => id === groupId);
        return group === undefined ? nothingThere(asked.requestId) : jsonAnswer(presentApproverGroup(group));
      }),
    },
  ];
}

function changingRoutes(parts: ControlParts): readonly Route[] {
  const { control } = parts;
  return [
    {
      method: "POST",
      path: PATH,
      access: CHANGE,
      operation: CREATE_GROUP_OPERATION,
      idempotent: true,
      handler: (asked) =>
        change(asked, parts, {
          read: readApproverGroup,
          run: (command, group) => control().groups.put({ ...command, group }),
          answer: (group) => createdAnswer(jsonAnswer(presentApproverGroup(group)), `${PATH}/${group.id}`),
        }),
    },
    {
      method: "PUT",
      path: ONE,
      access: CHANGE,
      operation: REPLACE_GROUP_OPERATION,
      handler: withId("group_id", (id, asked) =>
        change(asked, parts, {
          read: readApproverGroup,
          run: (command, group) => control().groups.put({ ...command, group: { ...group, id } }),
          answer: (group) => jsonAnswer(presentApproverGroup(group)),
        }),
      ),
    },
    {
      method: "DELETE",
      path: ONE,
      access: CHANGE,
      operation: REMOVE_GROUP_OPERATION,
      handler: withId("group_id", (groupId, asked) =>
        change(asked, parts, {
          read: readPlainAction,
          run: (command) => control().groups.remove({ ...command, groupId }),
          answer: () => GONE,
        }),
      ),
    },
  ];
}
