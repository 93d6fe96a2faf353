import { FLAG_VALUE_TYPES, FULL_ALLOCATION, type FlagValueType, type Hundredths, type JsonValue } from "@lotty/domain";
import { z } from "zod";
import { type Read, readWith } from "../read-request.ts";
import { flagKeySchema, typeMessage } from "../request-fields.ts";
import {
  AN_OBJECT,
  decimalField,
  flagField,
  idField,
  listOf,
  nameField,
  textField,
  valueField,
  wholeField,
} from "./control-fields.ts";

/** A rule as it is to be: with the id of one that the flag has, or as a new one. */
export interface FlagRuleRequest {
  readonly id?: string;
  readonly rule: string | null;
  readonly value: JsonValue;
  readonly rollout: Hundredths;
}

/** Body of `PATCH /v1/flags/{flag_id}`: new values of some fields. */
export interface FlagEditRequest {
  readonly type?: FlagValueType;
  readonly default?: JsonValue;
  readonly enabled?: boolean;
  readonly rules?: readonly FlagRuleRequest[];
  readonly description?: string | null;
  readonly owner?: string | null;
  readonly tags?: readonly string[];
  readonly schema?: JsonValue;
}

const ruleSchema: z.ZodType<FlagRuleRequest> = z.strictObject(
  {
    id: idField.exactOptional(),
    rule: textField.nullable(),
    value: valueField,
    rollout: decimalField.prefault(String(FULL_ALLOCATION / 100)),
  },
  AN_OBJECT,
);

const typeField = z.enum(FLAG_VALUE_TYPES, { error: typeMessage(`one of ${FLAG_VALUE_TYPES.join(", ")}`) });

const editFields = {
  enabled: flagField.exactOptional(),
  rules: listOf(ruleSchema).exactOptional(),
  description: textField.nullable().exactOptional(),
  owner: nameField.nullable().exactOptional(),
  tags: listOf(nameField).exactOptional(),
  schema: valueField.exactOptional(),
};

/** Schema of {@link FlagEditRequest}. */
export const flagEditSchema: z.ZodType<FlagEditRequest> = z
  .strictObject({ type: typeField.exactOptional(), default: valueField.exactOptional(), ...editFields }, AN_OBJECT)
  .meta({ id: "FlagEdit" });

/** Body of `POST /v1/flags`. */
export interface NewFlagRequest extends FlagEditRequest {
  readonly key: string;
  readonly type: FlagValueType;
  readonly default: JsonValue;
}

/** Schema of {@link NewFlagRequest}. */
export const newFlagSchema: z.ZodType<NewFlagRequest> = z
  .strictObject({ key: flagKeySchema, type: typeField, default: valueField, ...editFields }, AN_OBJECT)
  .meta({ id: "NewFlag" });

/** Body of `POST /v1/flags/{flag_id}/restore`. */
export interface RestoreRequest {
  readonly version: number;
}

/** Schema of {@link RestoreRequest}. */
export const restoreSchema: z.ZodType<RestoreRequest> = z
  .strictObject({ version: wholeField }, AN_OBJECT)
  .meta({ id: "Restore" });

/** Reads the body of `POST /v1/flags`. */
export function readNewFlag(body: unknown): Read<NewFlagRequest> {
  return readWith(newFlagSchema, body);
}

/** Reads the body of `PATCH /v1/flags/{flag_id}`. */
export function readFlagEdit(body: unknown): Read<FlagEditRequest> {
  return readWith(flagEditSchema, body);
}

/** Reads the body of `POST /v1/flags/{flag_id}/restore`. */
export function readRestore(body: unknown): Read<RestoreRequest> {
  return readWith(restoreSchema, body);
}
