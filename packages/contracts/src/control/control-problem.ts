import type { ExperimentStatus, Role } from "@lotty/domain";
import { EXPERIMENT_STATUSES, ROLES } from "@lotty/domain";
import { z } from "zod";
import { problemFields } from "../openapi/problem-schema.ts";
import type { Problem, ProblemCode } from "../problem.ts";
import type { FindingResponse } from "./control-records.ts";
import { findingSchema } from "./control-schemas.ts";
import { type PreviewResponse, previewSchema, type ReviewStateResponse, reviewStateSchema } from "./control-answers.ts";

/** One reason why a command was refused, and what would be allowed. */
export interface RefusalResponse {
  readonly code: ProblemCode;
  readonly message: string;
  /** The roles that may; with `forbidden`. */
  readonly roles?: readonly Role[];
  /** With `transition_not_allowed`. */
  readonly action?: string;
  readonly status?: ExperimentStatus;
  readonly allowed?: readonly string[];
  /** With `launch_blocked`. */
  readonly findings?: readonly FindingResponse[];
  /** With `approvals_missing`. */
  readonly review?: ReviewStateResponse;
  /** With `version_mismatch`. */
  readonly expected?: number;
  readonly current?: number;
  /** With `invalid_field`. */
  readonly field?: string;
  /** With `confirmation_required`. */
  readonly preview?: PreviewResponse;
  /** Keys of what uses it; with `in_use`. */
  readonly by?: readonly string[];
}

/** A problem that says why a command was refused. The first refusal gives code, status and detail. */
export interface ControlProblem extends Problem {
  readonly refusals?: readonly RefusalResponse[];
  /** What the experiment's status takes; with `transition_not_allowed`. */
  readonly allowed?: readonly string[];
}

const refusalSchema: z.ZodType<RefusalResponse> = z
  .strictObject({
    code: problemFields.code,
    message: z.string(),
    roles: z.array(z.enum(ROLES)).exactOptional(),
    action: z.string().exactOptional(),
    status: z.enum(EXPERIMENT_STATUSES).exactOptional(),
    allowed: z.array(z.string()).exactOptional(),
    findings: z.array(findingSchema).exactOptional(),
    review: reviewStateSchema.exactOptional(),
    expected: z.int().exactOptional(),
    current: z.int().exactOptional(),
    field: z.string().exactOptional(),
    preview: previewSchema.exactOptional(),
    by: z.array(z.string()).exactOptional(),
  })
  .meta({ id: "Refusal" });

/** Schema of {@link ControlProblem}. */
export const controlProblemSchema: z.ZodType<ControlProblem> = z
  .strictObject({
    ...problemFields,
    refusals: z.array(refusalSchema).exactOptional(),
    allowed: z.array(z.string()).exactOptional(),
  })
  .meta({ id: "ControlProblem", description: "A problem that says why a command was refused." });
