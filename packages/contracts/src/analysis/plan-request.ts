import type { PlanFields } from "@lotty/control-plane";
import { CORRECTION_SCOPES, CORRECTIONS, LOOKING_RULES, POPULATIONS, type AnalysisPlan } from "@lotty/domain";
import { z } from "zod";
import { AN_OBJECT, listOf, nameField, wholeField } from "../control/control-fields.ts";
import { type Read, readWith } from "../read-request.ts";
import { typeMessage } from "../request-fields.ts";

/** A guardrail of a plan, on the wire. */
export interface GuardrailRequest {
  readonly metric: string;
  readonly margin: number;
}

/** Body of `PUT /v1/experiments/{experiment_id}/plan`. Metrics are named by key or id. */
export interface PlanRequest {
  readonly primary: readonly string[];
  readonly secondary?: readonly string[];
  readonly guardrails?: readonly GuardrailRequest[];
  readonly alpha?: number;
  readonly power?: number;
  readonly minimum_effect?: number | null;
  readonly duration_days?: number;
  readonly planned_subjects?: number | null;
  readonly minimum_subjects?: number;
  readonly looking?: AnalysisPlan["looking"];
  readonly correction?: AnalysisPlan["correction"];
  readonly correction_scope?: AnalysisPlan["correctionScope"];
  readonly population?: AnalysisPlan["population"];
  readonly segments?: readonly string[];
}

/** A number that is finite. */
export const numberField: z.ZodType<number, number> = z.number({ error: typeMessage("a number") });

/** Schema of {@link PlanRequest}. */
export const planRequestSchema: z.ZodType<PlanRequest> = z
  .strictObject(
    {
      primary: listOf(nameField),
      secondary: listOf(nameField).exactOptional(),
      guardrails: listOf(z.strictObject({ metric: nameField, margin: numberField }, AN_OBJECT)).exactOptional(),
      alpha: numberField.exactOptional(),
      power: numberField.exactOptional(),
      minimum_effect: numberField.nullable().exactOptional(),
      duration_days: wholeField.exactOptional(),
      planned_subjects: wholeField.nullable().exactOptional(),
      minimum_subjects: wholeField.exactOptional(),
      looking: z.enum(LOOKING_RULES).exactOptional(),
      correction: z.enum(CORRECTIONS).exactOptional(),
      correction_scope: z.enum(CORRECTION_SCOPES).exactOptional(),
      population: z.enum(POPULATIONS).exactOptional(),
      segments: listOf(nameField).exactOptional(),
    },
    AN_OBJECT,
  )
  .meta({ id: "AnalysisPlanRequest" });

/** Reads the body of `PUT /v1/experiments/{experiment_id}/plan`. */
export function readPlan(body: unknown): Read<PlanRequest> {
  return readWith(planRequestSchema, body);
}

/** The fields of a plan as the control plane takes them. */
export function planFieldsOf(request: PlanRequest): PlanFields {
  const { correction_scope, duration_days, minimum_effect, minimum_subjects, planned_subjects, ...same } = request;
  return {
    ...same,
    ...(correction_scope !== undefined && { correctionScope: correction_scope }),
    ...(duration_days !== undefined && { durationDays: duration_days }),
    ...(minimum_effect !== undefined && { minimumEffect: minimum_effect }),
    ...(minimum_subjects !== undefined && { minimumSubjects: minimum_subjects }),
    ...(planned_subjects !== undefined && { plannedSubjects: planned_subjects }),
  };
}
