import type { Access } from "@lotty/identity";
import type { z } from "zod";

/** One answer of an operation. */
export interface OperationAnswer {
  readonly description: string;
  /** Needs an id, by which the document names it; absent for an answer without a body. */
  readonly schema?: z.ZodType;
  /** `application/json` when absent. */
  readonly mediaType?: string;
  /** Headers beside those that every answer has, and what they say. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** A parameter in the path, the query or a header. */
export interface OperationParameter {
  readonly name: string;
  readonly in: "path" | "query" | "header";
  readonly description: string;
  /** `false` when absent; parameters in the path always are. */
  readonly required?: boolean;
  readonly schema: z.ZodType;
}

/** What the description of the API says about one operation. */
export interface Operation {
  /** Unique; names the operation in generated clients. */
  readonly id: string;
  readonly summary: string;
  readonly description?: string;
  readonly tags: readonly string[];
  readonly parameters?: readonly OperationParameter[];
  /** Schema of the JSON body; needs an id. */
  readonly request?: z.ZodType;
  /** By status. Problems that any route may answer with need not be listed. */
  readonly answers: Readonly<Record<number, OperationAnswer>>;
  /** Schema of those problems, where it is not that of all others; needs an id. */
  readonly problem?: z.ZodType;
}

/** An operation at its place. */
export interface PlacedOperation {
  readonly method: string;
  /** As Express writes it: `/v1/decisions/:decision_id`. */
  readonly path: string;
  /** Who may use it. */
  readonly access: Access;
  readonly operation: Operation;
}
