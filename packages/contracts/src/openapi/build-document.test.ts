import { describe, expect, it } from "vitest";
import { z } from "zod";
import { buildOpenApiDocument } from "./build-document.ts";
import { decideAnswerSchema, decideSchema } from "./decision-schema.ts";
import type { Operation } from "./operation.ts";

const access = { kind: "scope", scope: "manage", role: "experimenter" } as const;
const facts = { title: "Test", version: "1", description: "For tests." };

function documentOf(operation: Partial<Operation>, path = "/v1/things/:thing_id"): Record<string, unknown> {
  const whole = { id: "test", summary: "Test", tags: ["Tests"], answers: {}, ...operation };
  return buildOpenApiDocument([{ method: "POST", path, access, operation: whole }], facts);
}

describe("buildOpenApiDocument", () => {
  it("writes paths as OpenAPI does and describes their parts", () => {
    const document = documentOf({});
    expect(document["openapi"]).toBe("3.1.0");
    expect(document["paths"]).toMatchObject({
      "/v1/things/{thing_id}": {
        post: { operationId: "test", parameters: [{ name: "thing_id", in: "path", required: true }] },
      },
    });
  });

  it("says who may use an operation: scopes of keys, roles of people", () => {
    expect(documentOf({})["paths"]).toMatchObject({
      "/v1/things/{thing_id}": {
        post: { security: [{ bearer: ["manage"] }, { apiKey: ["manage"] }, { session: ["experimenter"] }] },
      },
    });
  });

  it("collects the schemas of requests and answers, and those that they name", () => {
    const document = documentOf({
      request: decideSchema,
      answers: { 200: { description: "Ok.", schema: decideAnswerSchema } },
    });
    expect(Object.keys((document["components"] as { schemas: object }).schemas)).toEqual([
      "DecideAnswer",
      "DecideRequest",
      "Decision",
      "Decisions",
      "Problem",
      "RequestFault",
    ]);
  });

  it("tells that any operation may answer with a problem", () => {
    expect(JSON.stringify(documentOf({})["paths"])).toContain(
      '"default":{"description":"A problem.","content":{"application/problem+json":{"schema":{"$ref":"#/components/schemas/Problem"}}}}',
    );
  });

  it("says of a request what may be left out, and of an answer what is always there", () => {
    const inRequest = z.strictObject({ size: z.int().default(3) }).meta({ id: "TestRequestWithDefault" });
    const inAnswer = z.strictObject({ size: z.int().default(3) }).meta({ id: "TestAnswerWithDefault" });
    const document = documentOf({ request: inRequest, answers: { 200: { description: "Ok.", schema: inAnswer } } });
    const { schemas } = document["components"] as { schemas: Record<string, { required?: readonly string[] }> };
    expect(schemas["TestRequestWithDefault"]?.required).toBeUndefined();
    expect(schemas["TestAnswerWithDefault"]?.required).toEqual(["size"]);
  });

  it("refuses a schema that means something else in requests than in answers", () => {
    const schema = z.strictObject({ size: z.int().default(3) }).meta({ id: "TestTwoFaced" });
    expect(() => documentOf({ request: schema, answers: { 200: { description: "Ok.", schema } } })).toThrow(
      /TestTwoFaced/,
    );
  });

  it("refuses a schema without an id", () => {
    expect(() => documentOf({ request: z.string() })).toThrow(/needs an id/);
  });
});
