import { presentEnvironment, readNewEnvironment, readPlainAction, type Operation } from "@lotty/contracts";
import type { Answer as ControlAnswer, EnvironmentCommand, EnvironmentControl } from "@lotty/control-plane";
import type { EnvironmentDirectory } from "@lotty/decisions";
import type { Environment, Logger } from "@lotty/domain";
import { jsonAnswer } from "../../http/answer.ts";
import type { Route } from "../../routing/route.ts";
import type { ControlParts } from "../control/api-control.ts";
import { change, createdAnswer, GONE } from "../control/changing.ts";
import { listAnswer, nothingThere, withId } from "../control/looking.ts";
import {
  ARCHIVE_ENVIRONMENT_OPERATION,
  CREATE_ENVIRONMENT_OPERATION,
  FIND_ENVIRONMENT_OPERATION,
  LIST_ENVIRONMENTS_OPERATION,
  REMOVE_ENVIRONMENT_OPERATION,
  UNARCHIVE_ENVIRONMENT_OPERATION,
} from "./environment-operations.ts";

const PATH = "/v1/environments";
const ONE = `${PATH}/:environment_id`;

const LOOK = { kind: "scope", scope: "read", role: "viewer", everywhere: true } as const;
const CHANGE = { kind: "scope", scope: "manage", role: "admin", everywhere: true } as const;

/** What the routes of environments work with. */
export interface EnvironmentParts extends ControlParts {
  readonly environments: Pick<EnvironmentDirectory, "refreshEnvironments">;
  readonly logger: Logger;
}

/** Environments; making them and putting them away is for admins. */
export function environmentRoutes(parts: EnvironmentParts): readonly Route[] {
  return [...lookingRoutes(parts), ...changingRoutes(parts)];
}

function lookingRoutes({ control }: ControlParts): readonly Route[] {
  return [
    {
      method: "GET",
      path: PATH,
      access: LOOK,
      operation: LIST_ENVIRONMENTS_OPERATION,
      handler: async () => listAnswer("environments", (await control().environments.list()).map(presentEnvironment)),
    },
    {
      method: "GET",
      path: ONE,
      access: LOOK,
      operation: FIND_ENVIRONMENT_OPERATION,
      handler: withId("environment_id", async (environmentId, { requestId }) => {
        const environment = (await control().environments.list()).find(({ id }) => id === environmentId);
        return environment === undefined ? nothingThere(requestId) : jsonAnswer(presentEnvironment(environment));
      }),
    },
  ];
}

function changingRoutes(parts: EnvironmentParts): readonly Route[] {
  const { control } = parts;
  return [
    {
      method: "POST",
      path: PATH,
      access: CHANGE,
      operation: CREATE_ENVIRONMENT_OPERATION,
      idempotent: true,
      handler: (asked) =>
        change(asked, parts, {
          read: readNewEnvironment,
          run: ({ actor }, { key }) => known(control().environments.create({ actor, key }), parts),
          answer: (made) => createdAnswer(jsonAnswer(presentEnvironment(made)), `${PATH}/${made.id}`),
        }),
    },
    putAwayRoute("archive", parts, {
      operation: ARCHIVE_ENVIRONMENT_OPERATION,
      run: (environments, command) => environments.archive(command),
    }),
    putAwayRoute("unarchive", parts, {
      operation: UNARCHIVE_ENVIRONMENT_OPERATION,
      run: (environments, command) => environments.unarchive(command),
    }),
    {
      method: "DELETE",
      path: ONE,
      access: CHANGE,
      operation: REMOVE_ENVIRONMENT_OPERATION,
      handler: withId("environment_id", (id, asked) =>
        change(asked, parts, {
          read: readPlainAction,
          run: ({ actor }) => known(control().environments.remove({ actor, id }), parts),
          answer: () => GONE,
        }),
      ),
    },
  ];
}

interface PuttingAway {
  readonly operation: Operation;
  readonly run: (control: EnvironmentControl, command: EnvironmentCommand) => Promise<ControlAnswer<Environment>>;
}

function putAwayRoute(name: string, parts: EnvironmentParts, { operation, run }: PuttingAway): Route {
  return {
    method: "POST",
    path: `${ONE}/${name}`,
    access: CHANGE,
    operation,
    handler: withId("environment_id", (id, asked) =>
      change(asked, parts, {
        read: readPlainAction,
        run: ({ actor }) => known(run(parts.control().environments, { actor, id }), parts),
        answer: (environment) => jsonAnswer(presentEnvironment(environment)),
      }),
    ),
  };
}

/** Lets this process know of a change before it is answered, so that whoever made it can use it at once. */
async function known<T>(
  changing: Promise<ControlAnswer<T>>,
  { environments, logger }: EnvironmentParts,
): Promise<ControlAnswer<T>> {
  const outcome = await changing;
  if (outcome.status === "refused") return outcome;
  // It was made: that this process hears of it a little later is no failure.
  await environments.refreshEnvironments().catch((error: unknown) => logger.warn("environments_not_loaded", { error }));
  return outcome;
}
