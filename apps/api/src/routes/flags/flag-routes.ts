import {
  flagEditOf,
  newFlagOf,
  type Operation,
  presentFlag,
  type Read,
  readFlagEdit,
  readFlagsQuery,
  readNewFlag,
  readPlainAction,
  readRestore,
} from "@lotty/contracts";
import type { CommandResult, DescribedFlag, FlagCommand } from "@lotty/control-plane";
import type { Route } from "../../routing/route.ts";
import type { ApiControl, ControlParts } from "../control/api-control.ts";
import { change, createdAnswer, GONE, naming, versionAnswer } from "../control/changing.ts";
import type { VersionRule } from "../control/if-match.ts";
import { looking, nothingThere, withId } from "../control/looking.ts";
import { flagAnswer } from "./flag-answer.ts";
import {
  ARCHIVE_FLAG_OPERATION,
  CREATE_FLAG_OPERATION,
  DISABLE_FLAG_OPERATION,
  EDIT_FLAG_OPERATION,
  ENABLE_FLAG_OPERATION,
  FIND_FLAG_OPERATION,
  LIST_FLAGS_OPERATION,
  REMOVE_FLAG_OPERATION,
  RESTORE_FLAG_OPERATION,
  UNARCHIVE_FLAG_OPERATION,
} from "./flag-operations.ts";
import { listFlags } from "./list-flags.ts";
import { versionRoutes } from "./version-routes.ts";

const PATH = "/v1/flags";
const ONE = `${PATH}/:flag_id`;

const LOOK = { kind: "scope", scope: "read", role: "viewer" } as const;
const CHANGE = { kind: "scope", scope: "manage", role: "experimenter" } as const;

/** Flags and all that can be done with them. */
export function flagRoutes(parts: ControlParts): readonly Route[] {
  return [...lookingRoutes(parts), ...changingRoutes(parts), ...actionRoutes(parts), ...versionRoutes(parts)];
}

function lookingRoutes(parts: ControlParts): readonly Route[] {
  const { control } = parts;
  return [
    {
      method: "GET",
      path: PATH,
      access: LOOK,
      operation: LIST_FLAGS_OPERATION,
      handler: looking(readFlagsQuery, (query, asked) => listFlags(query, asked, parts)),
    },
    {
      method: "GET",
      path: ONE,
      access: LOOK,
      operation: FIND_FLAG_OPERATION,
      handler: withId("flag_id", async (flagId, asked) => {
        const { store } = control();
        const { environmentId } = asked;
        const [{ flags }, details] = await Promise.all([store.load(environmentId), store.flagDetails(flagId)]);
        const flag = flags.find(({ id }) => id === flagId);
        return flag === undefined ? nothingThere(asked.requestId) : versionAnswer(presentFlag(flag, details));
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
      operation: CREATE_FLAG_OPERATION,
      idempotent: true,
      handler: (asked) =>
        change(asked, parts, {
          read: readNewFlag,
          run: (command, body) => control().flags.create({ ...command, fields: newFlagOf(body) }),
          answer: (result) => createdAnswer(flagAnswer(result), `${PATH}/${result.flag.id}`),
        }),
    },
    {
      method: "PATCH",
      path: ONE,
      access: CHANGE,
      operation: EDIT_FLAG_OPERATION,
      handler: withId("flag_id", (flagId, asked) =>
        change(asked, parts, {
          version: "named",
          read: readFlagEdit,
          run: (command, body) => control().flags.edit({ ...naming(command), flagId, edit: flagEditOf(body) }),
          answer: flagAnswer,
        }),
      ),
    },
    {
      method: "DELETE",
      path: ONE,
      access: { ...CHANGE, role: "admin" },
      operation: REMOVE_FLAG_OPERATION,
      handler: withId("flag_id", (flagId, asked) =>
        change(asked, parts, {
          version: "any",
          read: readPlainAction,
          run: (command) => control().flags.remove({ ...command, flagId }),
          answer: () => GONE,
        }),
      ),
    },
  ];
}

/** What an action takes and does. */
interface FlagAction<Body> {
  readonly operation: Operation;
  readonly version: VersionRule;
  readonly read: (body: unknown) => Read<Body>;
  readonly run: (control: ApiControl, command: FlagCommand, body: Body) => Promise<CommandResult<DescribedFlag>>;
}

function actionRoutes(parts: ControlParts): readonly Route[] {
  const plain = { version: "any", read: readPlainAction } as const;
  return [
    actionRoute("archive", parts, {
      ...plain,
      operation: ARCHIVE_FLAG_OPERATION,
      run: ({ flags }, command) => flags.archive(command),
    }),
    actionRoute("unarchive", parts, {
      ...plain,
      operation: UNARCHIVE_FLAG_OPERATION,
      run: ({ flags }, command) => flags.unarchive(command),
    }),
    actionRoute("enable", parts, {
      ...plain,
      operation: ENABLE_FLAG_OPERATION,
      run: ({ flags }, command) => flags.switch({ ...command, enabled: true }),
    }),
    actionRoute("disable", parts, {
      ...plain,
      version: "optional",
      operation: DISABLE_FLAG_OPERATION,
      run: ({ flags }, command) => flags.switch({ ...command, enabled: false }),
    }),
    actionRoute("restore", parts, {
      version: "any",
      operation: RESTORE_FLAG_OPERATION,
      read: readRestore,
      run: ({ flags }, command, { version }) => flags.restore({ ...command, version }),
    }),
  ];
}

function actionRoute<Body>(name: string, parts: ControlParts, action: FlagAction<Body>): Route {
  const { operation, read, run, version } = action;
  return {
    method: "POST",
    path: `${ONE}/${name}`,
    access: CHANGE,
    operation,
    handler: withId("flag_id", (flagId, asked) =>
      change(asked, parts, {
        version,
        read,
        run: (command, body) => run(parts.control(), { ...command, flagId }, body),
        answer: flagAnswer,
      }),
    ),
  };
}
