import { GUARDRAIL_ACTIONS, MARGIN_KINDS, POPULATIONS, type GuardrailRule, type Hundredths } from "@lotty/domain";
import { z } from "zod";
import { AN_OBJECT, decimalField, idField, listOf, textField, wholeField } from "../control/control-fields.ts";
import { type Read, readWith } from "../read-request.ts";
import { typeMessage } from "../request-fields.ts";

/** New values of some fields of a guardrail's rule. */
export interface GuardrailEditRequest {
  readonly margin?: number;
  readonly margin_kind?: GuardrailRule["marginKind"];
  readonly alpha?: number;
  readonly minimum_subjects?: number;
  readonly tuned_for?: number;
  readonly population?: GuardrailRule["population"];
  readonly action?: GuardrailRule["action"];
}

/** Body of `POST /v1/experiments/{experiment_id}/guardrails`. */
export interface NewGuardrailRequest extends GuardrailEditRequest {
  readonly metric_id: string;
  readonly margin: number;
  readonly action: GuardrailRule["action"];
}

const numberField = z.number({ error: typeMessage("a number") });
const actionField = z.enum(GUARDRAIL_ACTIONS, { error: typeMessage(`one of ${GUARDRAIL_ACTIONS.join(", ")}`) });

const ruleFields = {
  margin_kind: z.enum(MARGIN_KINDS, { error: typeMessage(`one of ${MARGIN_KINDS.join(", ")}`) }).exactOptional(),
  alpha: numberField.exactOptional(),
  minimum_subjects: wholeField.exactOptional(),
  tuned_for: wholeField.exactOptional(),
  population: z.enum(POPULATIONS, { error: typeMessage(`one of ${POPULATIONS.join(", ")}`) }).exactOptional(),
};

/** Schema of {@link NewGuardrailRequest}. */
export const newGuardrailSchema: z.ZodType<NewGuardrailRequest> = z
  .strictObject({ metric_id: idField, margin: numberField, action: actionField, ...ruleFields }, AN_OBJECT)
  .meta({ id: "NewGuardrail" });

/** Schema of {@link GuardrailEditRequest}. */
export const guardrailEditSchema: z.ZodType<GuardrailEditRequest> = z
  .strictObject({ margin: numberField.exactOptional(), action: actionField.exactOptional(), ...ruleFields }, AN_OBJECT)
  .meta({ id: "GuardrailEdit" });

/** Body of undoing a firing. */
export interface UndoRequest {
  readonly reason: string;
}

/** Schema of {@link UndoRequest}. */
export const undoSchema: z.ZodType<UndoRequest> = z
  .strictObject({ reason: textField }, AN_OBJECT)
  .meta({ id: "UndoFiring" });

/** Body of `PUT /v1/experiments/{experiment_id}/ramp`. */
export interface RampRequest {
  readonly steps: readonly { readonly traffic_allocation: Hundredths; readonly hold_hours: number }[];
}

/** Schema of {@link RampRequest}. */
export const rampRequestSchema: z.ZodType<RampRequest> = z
  .strictObject(
    {
      steps: listOf(
        z.strictObject({ traffic_allocation: decimalField, hold_hours: numberField.default(0) }, AN_OBJECT),
      ),
    },
    AN_OBJECT,
  )
  .meta({ id: "RampRequest" });

/** Body of `POST /v1/guardrails/rehearse`. */
export interface RehearsalRequest extends GuardrailEditRequest {
  readonly metric_id: string;
  readonly margin: number;
  /** Harm that is to be caught, as a share of control's mean. */
  readonly harm: number;
  /** Subjects of both arms that are exposed in a day. */
  readonly arrivals_per_day: number;
  readonly treatment_share: number;
  readonly days: number;
  readonly looks_per_day: number;
  readonly runs: number;
  readonly seed: number;
  /** What the metric is like, where nothing of it is recorded. */
  readonly assumed?: { readonly mean: number; readonly variance: number };
}

/** Greatest rehearsal: so that none keeps a server busy for long. */
const MAX_DAYS = 90;
const MAX_LOOKS_PER_DAY = 96;
const MAX_RUNS = 1_000;
const MAX_ARRIVALS = 100_000_000;
const MAX_SEED = 2_147_483_647;

function between(field: z.ZodNumber, low: number, high: number): z.ZodNumber {
  const error = `must lie between ${low} and ${high}`;
  return field.min(low, { error }).max(high, { error });
}

function wholeBetween(low: number, high: number): z.ZodNumber {
  return between(z.int({ error: typeMessage("a whole number") }), low, high);
}

/** Schema of {@link RehearsalRequest}. */
export const rehearsalRequestSchema: z.ZodType<RehearsalRequest> = z
  .strictObject(
    {
      metric_id: idField,
      margin: between(numberField, 0, 1_000_000),
      action: actionField.exactOptional(),
      ...ruleFields,
      alpha: between(numberField, 0.0001, 0.4999).exactOptional(),
      minimum_subjects: wholeBetween(2, 1_000_000_000).exactOptional(),
      tuned_for: wholeBetween(1, 1_000_000_000).exactOptional(),
      harm: between(numberField, 0.0001, 1),
      arrivals_per_day: between(numberField, 1, MAX_ARRIVALS),
      treatment_share: between(numberField, 0.01, 0.99).default(0.5),
      days: wholeBetween(1, MAX_DAYS).default(14),
      looks_per_day: wholeBetween(1, MAX_LOOKS_PER_DAY).default(24),
      runs: wholeBetween(10, MAX_RUNS).default(200),
      seed: wholeBetween(0, MAX_SEED).default(1),
      assumed: z.strictObject({ mean: numberField, variance: numberField }, AN_OBJECT).exactOptional(),
    },
    AN_OBJECT,
  )
  .meta({ id: "RehearsalRequest" });

/** Reads the body of `POST /v1/experiments/{experiment_id}/guardrails`. */
export function readNewGuardrail(body: unknown): Read<NewGuardrailRequest> {
  return readWith(newGuardrailSchema, body);
}

/** Reads an edit of a guardrail. */
export function readGuardrailEdit(body: unknown): Read<GuardrailEditRequest> {
  return readWith(guardrailEditSchema, body);
}

/** Reads the body of undoing a firing. */
export function readUndo(body: unknown): Read<UndoRequest> {
  return readWith(undoSchema, body);
}

/** Reads a ramp plan. */
export function readRamp(body: unknown): Read<RampRequest> {
  return readWith(rampRequestSchema, body);
}

/** Reads what is to be rehearsed. */
export function readRehearsal(body: unknown): Read<RehearsalRequest> {
  return readWith(rehearsalRequestSchema, body);
}
