import { ERROR_CODES, type ErrorCode } from "@lotty/domain";
import { z } from "zod";
import { REFUSAL_CODES } from "../control/refusal-codes.ts";
import { HTTP_FAULT_CODES, type Problem, type ProblemCode } from "../problem.ts";
import type { RequestFault } from "../read-request.ts";

const isErrorCode = (name: string): name is ErrorCode => Object.hasOwn(ERROR_CODES, name);
const codes: readonly ProblemCode[] = [
  ...Object.keys(ERROR_CODES).filter(isErrorCode),
  ...HTTP_FAULT_CODES,
  ...REFUSAL_CODES,
];

const faultSchema: z.ZodType<RequestFault> = z
  .strictObject({
    path: z.string().meta({ description: "JSON Pointer into the body; empty for the body as a whole." }),
    message: z.string(),
  })
  .meta({ id: "RequestFault" });

/** The fields of every problem, for schemas of problems that have more. */
export const problemFields: {
  readonly type: z.ZodLiteral<"about:blank">;
  readonly title: z.ZodString;
  readonly status: z.ZodInt;
  readonly code: z.ZodType<ProblemCode>;
  readonly detail: z.ZodString;
  readonly request_id: z.ZodExactOptional<z.ZodString>;
  readonly errors: z.ZodExactOptional<z.ZodArray<z.ZodType<RequestFault>>>;
} = {
  type: z.literal("about:blank"),
  title: z.string(),
  status: z.int().min(400).max(599),
  code: z.enum(codes).meta({ description: "Stable: match on it, never on the title or the detail." }),
  detail: z.string(),
  request_id: z.string().exactOptional(),
  errors: z.array(faultSchema).exactOptional(),
};

/** Schema of {@link Problem}. */
export const problemSchema: z.ZodType<Problem> = z.strictObject(problemFields).meta({
  id: "Problem",
  description: "An error as RFC 9457 describes it.",
});
