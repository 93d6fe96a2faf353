import { type Environment, environmentKeyFault, formatInstant } from "@lotty/domain";
import { z } from "zod";
import { AN_OBJECT, nameField } from "../control/control-fields.ts";
import { type Read, readWith } from "../read-request.ts";

/** An environment on the wire. */
export interface EnvironmentResponse {
  readonly id: string;
  readonly key: string;
  readonly created_at: string;
  /** `null` while it is in use. */
  readonly archived_at: string | null;
}

const instantText = z.string().meta({ format: "date-time" });

/** Schema of {@link EnvironmentResponse}. */
export const environmentAnswerSchema: z.ZodType<EnvironmentResponse> = z
  .strictObject({ id: z.uuid(), key: z.string(), created_at: instantText, archived_at: instantText.nullable() })
  .meta({ id: "Environment" });

/** Schema of the list of environments. */
export const environmentsSchema: z.ZodType<{ readonly environments: readonly EnvironmentResponse[] }> = z
  .strictObject({ environments: z.array(environmentAnswerSchema) })
  .meta({ id: "Environments" });

/** Body of `POST /v1/environments`. */
export interface NewEnvironmentRequest {
  readonly key: string;
}

/** Schema of {@link NewEnvironmentRequest}. What is a key is up to the control plane. */
export const newEnvironmentSchema: z.ZodType<NewEnvironmentRequest> = z
  .strictObject({ key: nameField }, AN_OBJECT)
  .meta({ id: "NewEnvironment" });

/** Key of an environment in a query. */
export const environmentKeyQuerySchema: z.ZodType<string> = z
  .string()
  .refine((key) => environmentKeyFault(key) === undefined)
  .meta({ examples: ["staging"] });

/** Reads the body of `POST /v1/environments`. */
export function readNewEnvironment(body: unknown): Read<NewEnvironmentRequest> {
  return readWith(newEnvironmentSchema, body);
}

/** An environment for the wire. */
export function presentEnvironment({ archivedAt, createdAt, id, key }: Environment): EnvironmentResponse {
  return {
    id,
    key,
    created_at: formatInstant(createdAt),
    archived_at: archivedAt === null ? null : formatInstant(archivedAt),
  };
}
