import {
  environmentAnswerSchema,
  type EnvironmentResponse,
  environmentsSchema,
  presentEnvironment,
} from "@lotty/contracts";
import { createEnvironmentControl } from "@lotty/control-plane";
import type { Runtime } from "@lotty/runtime";
import { z } from "zod";
import type { ApiClient } from "../sources/api-client.ts";
import { done } from "./local-control.ts";
import { localActor } from "../people/local-actor.ts";

/** What is done with an environment that is there. */
export type EnvironmentAction = "archive" | "unarchive";

/** Where environments are kept. Methods throw LottyError, and `ControlRefused` with the reasons of a refusal. */
export interface EnvironmentSource {
  list(): Promise<readonly EnvironmentResponse[]>;
  create(key: string): Promise<EnvironmentResponse>;
  act(id: string, action: EnvironmentAction): Promise<EnvironmentResponse>;
  remove(id: string): Promise<void>;
}

/** Environments of a running API. */
export function httpEnvironments(client: ApiClient): EnvironmentSource {
  const path = "v1/environments";
  const schema = environmentAnswerSchema;
  return {
    list: async () => (await client.ask({ method: "GET", path, schema: environmentsSchema })).environments,
    create: (key) => client.ask({ method: "POST", path, body: { key }, schema }),
    act: (id, action) => client.ask({ method: "POST", path: `${path}/${id}/${action}`, schema }),
    remove: (id) => client.ask({ method: "DELETE", path: `${path}/${id}`, schema: z.undefined() }),
  };
}

/** Environments in the database of a runtime. */
export function localEnvironments({ clock, ids, storage }: Runtime): EnvironmentSource {
  const control = createEnvironmentControl({ environments: storage.control.environments, clock, ids });
  const actor = localActor();
  return {
    list: async () => (await control.list()).map(presentEnvironment),
    create: async (key) => presentEnvironment(await done(control.create({ actor, key }))),
    act: async (id, action) => presentEnvironment(await done(control[action]({ actor, id }))),
    remove: async (id) => void (await done(control.remove({ actor, id }))),
  };
}
