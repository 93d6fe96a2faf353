import {
  controlProblemSchema,
  daysQuerySchema,
  DEFAULT_LOOK_BACK_DAYS,
  DEFAULT_VERSIONS,
  flagDiffSchema,
  flagEditSchema,
  flagSchema,
  flagsSchema,
  flagVersionsSchema,
  idSchema,
  MAX_VERSIONS,
  newFlagSchema,
  type Operation,
  type OperationParameter,
  placeCursorSchema,
  plainActionSchema,
  restoreSchema,
  staleFlagsSchema,
  textSchema,
  versionQuerySchema,
  versionsLimitSchema,
  yesOrNoQuerySchema,
} from "@lotty/contracts";
import { ifMatchParameter, type VersionRule } from "../control/if-match.ts";
import { PAGE_PARAMETERS } from "../control/page-parameters.ts";

const tags = ["Flags"];
const problem = controlProblemSchema;

const flagId: OperationParameter = {
  name: "flag_id",
  in: "path",
  description: "Id of the flag.",
  required: true,
  schema: idSchema,
};

const changed = {
  200: { description: "The flag as it is now.", schema: flagSchema, headers: { ETag: "Its new version." } },
};

/** What the description of the API says about `GET /v1/flags`. */
export const LIST_FLAGS_OPERATION: Operation = {
  id: "listFlags",
  summary: "List flags",
  description: "In the order of their ids, which is that of their making for those made here.",
  tags,
  parameters: [
    { name: "key", in: "query", description: "Only the one that is called so.", schema: textSchema },
    { name: "tag", in: "query", description: "Only those with this tag.", schema: textSchema },
    { name: "owner", in: "query", description: "Only those of this owner.", schema: textSchema },
    {
      name: "archived",
      in: "query",
      description: "Only those that are archived, or are not.",
      schema: yesOrNoQuerySchema,
    },
    {
      name: "stale_days",
      in: "query",
      description: "Only those that nobody has needed for so many days.",
      schema: daysQuerySchema,
    },
    ...PAGE_PARAMETERS,
  ],
  answers: { 200: { description: "A page of flags.", schema: flagsSchema } },
};

/** What the description of the API says about `POST /v1/flags`. */
export const CREATE_FLAG_OPERATION: Operation = {
  id: "createFlag",
  summary: "Make a flag",
  tags,
  request: newFlagSchema,
  answers: { 201: { description: "The flag.", schema: flagSchema, headers: { Location: "Its path." } } },
  problem,
};

/** What the description of the API says about `GET /v1/flags/{flag_id}`. */
export const FIND_FLAG_OPERATION: Operation = {
  id: "findFlag",
  summary: "Look up a flag",
  tags,
  parameters: [flagId],
  answers: { 200: { description: "The flag.", schema: flagSchema, headers: { ETag: "Its version." } } },
};

/** What the description of the API says about `PATCH /v1/flags/{flag_id}`. */
export const EDIT_FLAG_OPERATION: Operation = {
  id: "editFlag",
  summary: "Change a flag",
  description: "A flag keeps its key. Rules are given whole; one that keeps its id keeps its subjects.",
  tags,
  parameters: [flagId, ifMatchParameter("named")],
  request: flagEditSchema,
  answers: changed,
  problem,
};

/** What the description of the API says about `DELETE /v1/flags/{flag_id}`. */
export const REMOVE_FLAG_OPERATION: Operation = {
  id: "removeFlag",
  summary: "Remove an archived flag for good",
  tags,
  parameters: [flagId, ifMatchParameter("any")],
  answers: { 204: { description: "It is gone." } },
  problem,
};

function actionOperation(
  facts: Pick<Operation, "id" | "summary" | "description"> & { readonly version: VersionRule },
): Operation {
  const { version, ...words } = facts;
  const parameters = [flagId, ifMatchParameter(version)];
  return { ...words, tags, parameters, request: plainActionSchema, answers: changed, problem };
}

/** What the description of the API says about `POST /v1/flags/{flag_id}/archive`. */
export const ARCHIVE_FLAG_OPERATION: Operation = actionOperation({
  id: "archiveFlag",
  summary: "Put a flag away",
  description: "It still gives its value; nothing new is started on it.",
  version: "any",
});

/** What the description of the API says about `POST /v1/flags/{flag_id}/unarchive`. */
export const UNARCHIVE_FLAG_OPERATION: Operation = actionOperation({
  id: "unarchiveFlag",
  summary: "Take a flag out of the archive",
  version: "any",
});

/** What the description of the API says about `POST /v1/flags/{flag_id}/enable`. */
export const ENABLE_FLAG_OPERATION: Operation = actionOperation({
  id: "enableFlag",
  summary: "Switch a flag on",
  version: "any",
});

/** What the description of the API says about `POST /v1/flags/{flag_id}/disable`. */
export const DISABLE_FLAG_OPERATION: Operation = actionOperation({
  id: "disableFlag",
  summary: "Switch a flag off",
  description: "Everybody gets its default value, whatever its experiment and rules say.",
  version: "optional",
});

/** What the description of the API says about `POST /v1/flags/{flag_id}/restore`. */
export const RESTORE_FLAG_OPERATION: Operation = {
  id: "restoreFlag",
  summary: "Let a flag decide as it did at an earlier version",
  description: "What is said about it stays.",
  tags,
  parameters: [flagId, ifMatchParameter("any")],
  request: restoreSchema,
  answers: changed,
  problem,
};

/** What the description of the API says about `GET /v1/flags/{flag_id}/versions`. */
export const FLAG_VERSIONS_OPERATION: Operation = {
  id: "listFlagVersions",
  summary: "What a flag was like",
  tags,
  parameters: [
    flagId,
    {
      name: "limit",
      in: "query",
      description: `Most versions on the page: 1 to ${MAX_VERSIONS}, ${DEFAULT_VERSIONS} when left out.`,
      schema: versionsLimitSchema,
    },
    { name: "cursor", in: "query", description: "`next_cursor` of the page before.", schema: placeCursorSchema },
  ],
  answers: { 200: { description: "Versions, newest first.", schema: flagVersionsSchema } },
};

/** What the description of the API says about `GET /v1/flags/{flag_id}/diff`. */
export const DIFF_FLAG_OPERATION: Operation = {
  id: "diffFlag",
  summary: "What differs between two versions of a flag",
  tags,
  parameters: [
    flagId,
    { name: "from", in: "query", description: "The one version.", required: true, schema: versionQuerySchema },
    { name: "to", in: "query", description: "The other version.", required: true, schema: versionQuerySchema },
  ],
  answers: { 200: { description: "Fields that differ.", schema: flagDiffSchema } },
  problem,
};

/** What the description of the API says about `GET /v1/stale-flags`. */
export const STALE_FLAGS_OPERATION: Operation = {
  id: "listStaleFlags",
  summary: "Flags that could be removed from the code",
  description: "Not decided for some days, or the same value for everyone.",
  tags,
  parameters: [
    {
      name: "days",
      in: "query",
      description: `For how long they have to have been so; ${DEFAULT_LOOK_BACK_DAYS} days when left out.`,
      schema: daysQuerySchema,
    },
  ],
  answers: { 200: { description: "Stale flags, and why they are.", schema: staleFlagsSchema } },
  problem,
};
