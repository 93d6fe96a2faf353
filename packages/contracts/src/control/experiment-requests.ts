import { EXPERIMENT_OUTCOMES, type ExperimentOutcome, type Hundredths, type JsonValue } from "@lotty/domain";
import { z } from "zod";
import { type Read, readWith } from "../read-request.ts";
import { typeMessage } from "../request-fields.ts";
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

/** A variant as it is to be. One that keeps its name keeps its id, and so its subjects. */
export interface VariantRequest {
  readonly name: string;
  readonly value: JsonValue;
  readonly weight: Hundredths;
  readonly is_control: boolean;
}

/** Body of `PATCH /v1/experiments/{experiment_id}` and of previews: new values of some fields. */
export interface ExperimentEditRequest {
  readonly key?: string;
  readonly flag_id?: string;
  readonly rule?: string | null;
  readonly traffic_allocation?: Hundredths;
  readonly variants?: readonly VariantRequest[];
  readonly sticky_assignment?: boolean;
  readonly hypothesis?: string | null;
  readonly owner?: string | null;
  readonly planned_days?: number | null;
  readonly description?: string | null;
}

const variantSchema: z.ZodType<VariantRequest> = z.strictObject(
  { name: nameField, value: valueField, weight: decimalField, is_control: flagField.default(false) },
  AN_OBJECT,
);

const editFields = {
  rule: textField.nullable().exactOptional(),
  traffic_allocation: decimalField.exactOptional(),
  variants: listOf(variantSchema).exactOptional(),
  sticky_assignment: flagField.exactOptional(),
  hypothesis: textField.nullable().exactOptional(),
  owner: nameField.nullable().exactOptional(),
  planned_days: wholeField.nullable().exactOptional(),
  description: textField.nullable().exactOptional(),
};

/** Schema of {@link ExperimentEditRequest}. */
export const experimentEditSchema: z.ZodType<ExperimentEditRequest> = z
  .strictObject({ key: nameField.exactOptional(), flag_id: idField.exactOptional(), ...editFields }, AN_OBJECT)
  .meta({ id: "ExperimentEdit" });

/** Body of `POST /v1/experiments`. */
export interface NewExperimentRequest extends ExperimentEditRequest {
  readonly key: string;
  readonly flag_id: string;
}

/** Schema of {@link NewExperimentRequest}. */
export const newExperimentSchema: z.ZodType<NewExperimentRequest> = z
  .strictObject({ key: nameField, flag_id: idField, ...editFields }, AN_OBJECT)
  .meta({ id: "NewExperiment" });

/** Body of actions that say nothing but themselves. */
export type PlainActionRequest = Readonly<Record<string, never>>;

/** Schema of {@link PlainActionRequest}. */
export const plainActionSchema: z.ZodType<PlainActionRequest> = z
  .strictObject({}, AN_OBJECT)
  .meta({ id: "PlainAction" });

/** Body of an approval. */
export interface ApprovalRequest {
  readonly comment: string | null;
}

/** Schema of {@link ApprovalRequest}. */
export const approvalSchema: z.ZodType<ApprovalRequest> = z
  .strictObject({ comment: textField.nullable().default(null) }, AN_OBJECT)
  .meta({ id: "Approval" });

/** Body of a review that says no. */
export interface ObjectionRequest {
  readonly comment: string;
}

/** Schema of {@link ObjectionRequest}. */
export const objectionSchema: z.ZodType<ObjectionRequest> = z
  .strictObject({ comment: textField }, AN_OBJECT)
  .meta({ id: "Objection" });

/** Body of `POST /v1/experiments/{experiment_id}/rollback`. */
export interface RollbackRequest {
  /** Why, for the record. */
  readonly reason: string;
}

/** Schema of {@link RollbackRequest}. */
export const rollbackSchema: z.ZodType<RollbackRequest> = z
  .strictObject({ reason: textField }, AN_OBJECT)
  .meta({ id: "Rollback" });

/** Body of `POST /v1/experiments/{experiment_id}/apply-edit`. */
export interface ApplyEditRequest {
  /** Whether the caller knows that subjects will move. */
  readonly confirm: boolean;
}

/** Schema of {@link ApplyEditRequest}. */
export const applyEditSchema: z.ZodType<ApplyEditRequest> = z
  .strictObject({ confirm: flagField.default(false) }, AN_OBJECT)
  .meta({ id: "ApplyEdit" });

/** Body of `POST /v1/experiments/{experiment_id}/complete`. */
export interface CompletionBody {
  readonly outcome: ExperimentOutcome["kind"];
  /** Name of the winner; only with `rollout_winner`. */
  readonly variant?: string;
  readonly comment: string;
}

/** Schema of {@link CompletionBody}. */
export const completionSchema: z.ZodType<CompletionBody> = z
  .strictObject(
    {
      outcome: z.enum(EXPERIMENT_OUTCOMES, { error: typeMessage(`one of ${EXPERIMENT_OUTCOMES.join(", ")}`) }),
      variant: nameField.exactOptional(),
      comment: textField,
    },
    AN_OBJECT,
  )
  .meta({ id: "Completion" });

/** Reads the body of `POST /v1/experiments`. */
export function readNewExperiment(body: unknown): Read<NewExperimentRequest> {
  return readWith(newExperimentSchema, body);
}

/** Reads an edit of an experiment. */
export function readExperimentEdit(body: unknown): Read<ExperimentEditRequest> {
  return readWith(experimentEditSchema, body);
}

/** Reads the body of an action that says nothing but itself. */
export function readPlainAction(body: unknown): Read<PlainActionRequest> {
  return readWith(plainActionSchema, body);
}

/** Reads the body of an approval. */
export function readApproval(body: unknown): Read<ApprovalRequest> {
  return readWith(approvalSchema, body);
}

/** Reads the body of a review that says no. */
export function readObjection(body: unknown): Read<ObjectionRequest> {
  return readWith(objectionSchema, body);
}

/** Reads the body of a rollback. */
export function readRollback(body: unknown): Read<RollbackRequest> {
  return readWith(rollbackSchema, body);
}

/** Reads the body of applying an edit. */
export function readApplyEdit(body: unknown): Read<ApplyEditRequest> {
  return readWith(applyEditSchema, body);
}

/** Reads the body of completing an experiment. */
export function readCompletion(body: unknown): Read<CompletionBody> {
  return readWith(completionSchema, body);
}
