import {
  evaluationRoundSchema,
  type EvaluationRoundResponse,
  firingSchema,
  type FiringResponse,
  firingsSchema,
  guardrailSchema,
  type GuardrailResponse,
  guardrailsSchema,
  incidentSchema,
  type IncidentResponse,
  rampSchema,
  type RampResponse,
  rehearsalSchema,
  type RehearsalResponse,
  type WatchedGuardrailResponse,
} from "@lotty/contracts";
import { z } from "zod";
import type { ApiClient } from "../sources/api-client.ts";

/** What watches experiments of a running API. Methods throw `ControlRefused` and LottyError; any version will do where none is named. */
export interface GuardrailSource {
  list(experimentId: string): Promise<readonly WatchedGuardrailResponse[]>;
  add(experimentId: string, body: object): Promise<GuardrailResponse>;
  edit(guardrail: GuardrailResponse, body: object, version: number): Promise<GuardrailResponse>;
  remove(guardrail: GuardrailResponse, version?: number): Promise<void>;
  /** Looks at all of an experiment's guardrails now. */
  evaluate(experimentId: string): Promise<EvaluationRoundResponse>;
  firings(experimentId: string): Promise<readonly FiringResponse[]>;
  /** Everything about one firing. */
  incident(experimentId: string, firingId: string): Promise<IncidentResponse>;
  undo(experimentId: string, firingId: string, reason: string): Promise<FiringResponse>;
  /** How a guardrail would behave. */
  rehearse(body: object): Promise<RehearsalResponse>;
}

/** How the traffic of experiments of a running API grows; as {@link GuardrailSource}. */
export interface RampSource {
  find(experimentId: string): Promise<RampResponse>;
  put(experimentId: string, body: object, version?: number): Promise<RampResponse>;
  act(experimentId: string, action: "hold" | "release", version?: number): Promise<RampResponse>;
  remove(experimentId: string, version?: number): Promise<void>;
}

/** The answer to a removal: there is none. */
const GONE = z.undefined();

/** Makes the source of an API's guardrails. */
export function httpGuardrails(client: ApiClient): GuardrailSource {
  const of = (experimentId: string): string => `v1/experiments/${experimentId}`;
  const one = ({ experiment_id, id }: GuardrailResponse): string => `${of(experiment_id)}/guardrails/${id}`;
  const schema = guardrailSchema;
  return {
    list: async (id) =>
      (await client.ask({ method: "GET", path: `${of(id)}/guardrails`, schema: guardrailsSchema })).guardrails,
    add: (id, body) => client.ask({ method: "POST", path: `${of(id)}/guardrails`, body, schema }),
    edit: (guardrail, body, ifVersion) =>
      client.ask({ method: "PATCH", path: one(guardrail), ifVersion, body, schema }),
    remove: (guardrail, version) =>
      client.ask({ method: "DELETE", path: one(guardrail), ifVersion: version ?? "*", schema: GONE }),
    evaluate: (id) =>
      client.ask({ method: "POST", path: `${of(id)}/guardrails/evaluate`, schema: evaluationRoundSchema }),
    firings: async (id) =>
      (await client.ask({ method: "GET", path: `${of(id)}/firings`, schema: firingsSchema })).firings,
    incident: (id, firingId) => {
      const path = `${of(id)}/firings/${encodeURIComponent(firingId)}`;
      return client.ask({ method: "GET", path, schema: incidentSchema });
    },
    undo: (id, firingId, reason) => {
      const path = `${of(id)}/firings/${encodeURIComponent(firingId)}/undo`;
      return client.ask({ method: "POST", path, body: { reason }, schema: firingSchema });
    },
    rehearse: (body) => client.ask({ method: "POST", path: "v1/guardrails/rehearse", body, schema: rehearsalSchema }),
  };
}

/** Makes the source of an API's ramp plans. */
export function httpRamps(client: ApiClient): RampSource {
  const one = (experimentId: string): string => `v1/experiments/${experimentId}/ramp`;
  const schema = rampSchema;
  const seen = (version: number | undefined): { readonly ifVersion?: number } =>
    version === undefined ? {} : { ifVersion: version };
  return {
    find: (id) => client.ask({ method: "GET", path: one(id), schema }),
    put: (id, body, version) => client.ask({ method: "PUT", path: one(id), ...seen(version), body, schema }),
    act: (id, action, version) =>
      client.ask({ method: "POST", path: `${one(id)}/${action}`, ...seen(version), schema }),
    remove: (id, version) => client.ask({ method: "DELETE", path: one(id), ifVersion: version ?? "*", schema: GONE }),
  };
}
