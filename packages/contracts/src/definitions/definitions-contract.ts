import { DEFINITION_KINDS, type DefinitionKind, type Difference } from "@lotty/definitions";
import type { JsonValue } from "@lotty/domain";
import { z } from "zod";
import { anyJsonSchema } from "../openapi/any-json.ts";
import { type Read, readWith } from "../read-request.ts";
import { readQuery } from "../records/record-queries.ts";
import { typeMessage } from "../request-fields.ts";
import { AN_OBJECT, flagField, wholeField } from "../control/control-fields.ts";

/** Largest body of `POST /v1/definitions`, in bytes: the largest file there may be, with room for its way of writing. */
export const MAX_DEFINITIONS_BYTES = 4_194_304;

/** Body of `POST /v1/definitions`. */
export interface DefinitionsRequest {
  /** The file, YAML or JSON. */
  readonly text: string;
  /** Whether the file is carried out; otherwise it is only told what it would change. */
  readonly apply: boolean;
  /** Whether what the file does not state is removed. */
  readonly prune: boolean;
  /** The revision that the caller has seen; something committed since refuses the change. */
  readonly revision?: number;
}

/** Schema of {@link DefinitionsRequest}. */
export const definitionsRequestSchema: z.ZodType<DefinitionsRequest> = z
  .strictObject(
    {
      text: z.string({ error: typeMessage("a string") }),
      apply: flagField.default(false),
      prune: flagField.default(false),
      revision: wholeField.exactOptional(),
    },
    AN_OBJECT,
  )
  .meta({ id: "DefinitionsRequest" });

/** How a thing in a file differs from what is stored. */
export interface DifferenceResponse {
  readonly kind: DefinitionKind;
  readonly key: string;
  readonly action: Difference["action"];
  /** What differs; with `changed`. Without `from` the field is new, without `to` it goes. */
  readonly fields?: readonly { readonly field: string; readonly from?: JsonValue; readonly to?: JsonValue }[];
}

/** What a file would change, or has changed. */
export interface DefinitionsResponse {
  readonly applied: boolean;
  /** The revision that it was worked out from, or the one that it has made. */
  readonly revision: number;
  readonly differences: readonly DifferenceResponse[];
}

/** Schema of {@link DefinitionsResponse}. */
export const definitionsSchema: z.ZodType<DefinitionsResponse> = z
  .strictObject({
    applied: z.boolean(),
    revision: z.int().min(0),
    differences: z.array(
      z.strictObject({
        kind: z.enum(DEFINITION_KINDS),
        key: z.string(),
        action: z.enum(["added", "removed", "kept", "changed"]),
        fields: z
          .array(
            z.strictObject({
              field: z.string(),
              from: anyJsonSchema.exactOptional(),
              to: anyJsonSchema.exactOptional(),
            }),
          )
          .exactOptional(),
      }),
    ),
  })
  .meta({ id: "Definitions" });

/** Forms of an exported file. */
export const DEFINITIONS_FORMS = ["yaml", "json"] as const;

/** The query of `GET /v1/definitions`. */
export interface DefinitionsQuery {
  readonly format: (typeof DEFINITIONS_FORMS)[number];
}

/** The form of an exported file. */
export const definitionsFormSchema: z.ZodType<DefinitionsQuery["format"], string> = z.enum(DEFINITIONS_FORMS, {
  error: `must be ${DEFINITIONS_FORMS.join(" or ")}`,
});

const definitionsQuery: z.ZodType<DefinitionsQuery> = z.strictObject({
  format: definitionsFormSchema.prefault("yaml"),
});

/** Reads the body of `POST /v1/definitions`. */
export function readDefinitionsRequest(body: unknown): Read<DefinitionsRequest> {
  return readWith(definitionsRequestSchema, body);
}

/** Reads the query of `GET /v1/definitions`. */
export function readDefinitionsQuery(query: URLSearchParams): Read<DefinitionsQuery> {
  return readQuery(definitionsQuery, query);
}

/** How a thing differs, for the wire. */
export function presentDifference(difference: Difference): DifferenceResponse {
  const { action, key, kind } = difference;
  if (action !== "changed") return { kind, key, action };
  return {
    kind,
    key,
    action,
    fields: difference.fields.map(({ field, from, to }) => ({
      field,
      ...(from !== undefined && { from }),
      ...(to !== undefined && { to }),
    })),
  };
}
