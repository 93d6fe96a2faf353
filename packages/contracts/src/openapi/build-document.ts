import type { JsonObject, JsonValue } from "@lotty/domain";
import { z } from "zod";
import { PROBLEM_MEDIA_TYPE } from "../problem.ts";
import { ComponentSchemas, plainSchema } from "./component-schemas.ts";
import { SECURITY_SCHEMES, securityOf } from "./security.ts";
import type { Operation, OperationAnswer, OperationParameter, PlacedOperation } from "./operation.ts";
import { problemSchema } from "./problem-schema.ts";

/** What the document says about the API as a whole. */
export interface DocumentFacts {
  readonly title: string;
  readonly version: string;
  readonly description: string;
}

/**
 * The OpenAPI 3.1 document of operations. Their schemas become components by their ids, made by zod itself from what
 * validates requests and types answers.
 *
 * @throws TypeError for a schema without an id, or one that means two things
 */
export function buildOpenApiDocument(operations: readonly PlacedOperation[], facts: DocumentFacts): JsonObject {
  const components = new ComponentSchemas();
  const paths: Record<string, Record<string, JsonValue>> = {};
  for (const { access, method, operation, path } of operations) {
    const template = path.replaceAll(/[:*](\w+)/g, "{$1}");
    (paths[template] ??= {})[method.toLowerCase()] = {
      ...describe(operation, path, components),
      security: securityOf(access),
    };
  }
  return {
    openapi: "3.1.0",
    info: { ...facts, license: { name: "Apache 2.0", identifier: "Apache-2.0" } },
    servers: [{ url: "/" }],
    paths,
    components: { schemas: components.schemas, securitySchemes: SECURITY_SCHEMES },
  };
}

function describe(operation: Operation, path: string, components: ComponentSchemas): JsonObject {
  const { answers, description, id, problem = problemSchema, request, summary, tags } = operation;
  return {
    operationId: id,
    summary,
    ...(description !== undefined && { description }),
    tags: [...tags],
    parameters: parametersOf(operation, path),
    ...(request !== undefined && {
      requestBody: { required: true, content: content("application/json", components.request(request)) },
    }),
    responses: {
      ...Object.fromEntries(Object.entries(answers).map(([status, each]) => [status, answerOf(each, components)])),
      default: { description: "A problem.", content: content(PROBLEM_MEDIA_TYPE, components.answer(problem)) },
    },
  };
}

function answerOf(
  { description, headers, mediaType, schema }: OperationAnswer,
  components: ComponentSchemas,
): JsonObject {
  const body =
    schema === undefined
      ? mediaType === undefined
        ? undefined
        : content(mediaType, { type: "string" })
      : content(mediaType ?? "application/json", components.answer(schema));
  return {
    description,
    ...(headers && {
      headers: Object.fromEntries(
        Object.entries(headers).map(([name, says]) => [name, { description: says, schema: { type: "string" } }]),
      ),
    }),
    ...(body && { content: body }),
  };
}

function content(mediaType: string, schema: JsonObject): JsonObject {
  return { [mediaType]: { schema } };
}

function parametersOf({ parameters = [] }: Operation, path: string): readonly JsonObject[] {
  const named = new Set(parameters.map(({ name }) => name));
  const unnamed = [...path.matchAll(/[:*](\w+)/g)].flatMap(([, name = ""]) => (named.has(name) ? [] : [name]));
  return [...unnamed.map(plainPathParameter), ...parameters].map((parameter) => ({
    name: parameter.name,
    in: parameter.in,
    description: parameter.description,
    required: parameter.in === "path" || parameter.required === true,
    schema: inlineSchema(parameter.schema),
  }));
}

function plainPathParameter(name: string): OperationParameter {
  return { name, in: "path", description: `The ${name.replaceAll("_", " ")}.`, schema: z.string() };
}

function inlineSchema(schema: z.ZodType): JsonObject {
  return plainSchema(z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }));
}
