import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { EVERY_TYPE_FILE } from "../../testing/every-type-file.ts";
import { serveConfiguration, type ServedConfiguration } from "../../testing/serve-configuration.ts";

interface Described {
  readonly operationId: string;
  readonly security: readonly Readonly<Record<string, readonly string[]>>[];
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, { readonly schema: object }>> }>
  >;
}

interface OpenApiDocument {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Described>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, object>> };
}

let server: ServedConfiguration;
let document: OpenApiDocument;
let ajv: Ajv2020;

beforeAll(async () => {
  server = await serveConfiguration(EVERY_TYPE_FILE);
  document = (await (await fetch(`${server.url}/openapi.json`)).json()) as OpenApiDocument;
  ajv = new Ajv2020({ strict: true, strictTypes: false, validateFormats: false, keywords: ["components"] });
  ajv.addSchema({ $id: "api", components: document.components });
});

afterAll(() => server.close(0));

/** Validates what `#/components/…` in the document means. */
function validatorOf(schema: object): ValidateFunction {
  const text = JSON.stringify(schema).replaceAll('"#/components/', '"api#/components/');
  return ajv.compile(JSON.parse(text) as object);
}

function operations(): readonly (Described & { readonly method: string; readonly path: string })[] {
  return Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, described]) => ({ ...described, method: method.toUpperCase(), path })),
  );
}

describe("GET /openapi.json", () => {
  it("describes every route that there is, and nothing else but the operations routes", () => {
    const mounted = server.routes.map(({ method, path }) => `${method} ${path.replaceAll(/[:*](\w+)/g, "{$1}")}`);
    const described = operations().map(({ method, path }) => `${method} ${path}`);
    expect(described.toSorted()).toEqual([...mounted, "GET /livez", "GET /readyz", "GET /metrics"].toSorted());
  });

  it("tells of every route who may use it", () => {
    for (const { access, method, path } of server.routes) {
      const operation = document.paths[path.replaceAll(/[:*](\w+)/g, "{$1}")]?.[method.toLowerCase()];
      const scopes = access.kind === "public" ? [] : [{ bearer: [access.scope] }];
      const asked = operation?.security.filter((way) => "bearer" in way);
      expect([path, asked]).toEqual([path, scopes]);
    }
  });

  it("gives every operation another id", () => {
    const ids = operations().map(({ operationId }) => operationId);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it("has schemas that are JSON Schema, and no reference to what is not there", () => {
    const references = JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g);
    for (const [, name = ""] of references) expect(Object.keys(document.components.schemas)).toContain(name);
    for (const schema of Object.values(document.components.schemas)) expect(() => validatorOf(schema)).not.toThrow();
  });

  it("is not sent again to who has it", async () => {
    const first = await fetch(`${server.url}/openapi.json`);
    const headers = { "if-none-match": first.headers.get("etag") ?? "" };
    expect((await fetch(`${server.url}/openapi.json`, { headers })).status).toBe(304);
  });
});

interface Example {
  readonly id: string;
  readonly status: number;
  readonly path: string;
  readonly body?: unknown;
}

const ada = { targetingKey: "ada", country: "DE" };

const EXAMPLES: readonly Example[] = [
  {
    id: "decide",
    status: 200,
    path: "/v1/decide",
    body: { flag: "button", subject_id: "ada", attributes: { country: "DE" } },
  },
  {
    id: "decide",
    status: 200,
    path: "/v1/decide",
    body: { flag: "for-beta", subject_id: "ada", attributes: { beta: true } },
  },
  { id: "decide", status: 200, path: "/v1/decide", body: { flags: ["layout", "no-such-flag"], subject_id: "ada" } },
  { id: "decide", status: 400, path: "/v1/decide", body: { flag: "button" } },
  { id: "explain", status: 200, path: "/v1/explain", body: { flag: "button", subject_id: "ada" } },
  { id: "explain", status: 200, path: "/v1/explain", body: { flag: "no-such-flag", subject_id: "ada" } },
  {
    id: "explain",
    status: 200,
    path: "/v1/explain",
    body: { flag: "button", subject_id: "ada", attributes: { country: "DE" } },
  },
  { id: "explain", status: 200, path: "/v1/explain", body: { flag: "switched-off", subject_id: "ada" } },
  {
    id: "explain",
    status: 200,
    path: "/v1/explain",
    body: { flag: "for-beta", subject_id: "ada", attributes: { beta: true } },
  },
  { id: "ofrepEvaluateFlag", status: 200, path: "/ofrep/v1/evaluate/flags/layout", body: { context: ada } },
  { id: "ofrepEvaluateFlag", status: 404, path: "/ofrep/v1/evaluate/flags/no-such-flag", body: { context: ada } },
  { id: "ofrepEvaluateFlag", status: 400, path: "/ofrep/v1/evaluate/flags/layout", body: {} },
  { id: "ofrepEvaluateFlags", status: 200, path: "/ofrep/v1/evaluate/flags", body: { context: ada } },
  { id: "ofrepEvaluateFlags", status: 400, path: "/ofrep/v1/evaluate/flags", body: {} },
  { id: "snapshot", status: 200, path: "/v1/snapshot" },
  { id: "describeApi", status: 200, path: "/openapi.json" },
  { id: "livez", status: 200, path: "/livez" },
  { id: "readyz", status: 200, path: "/readyz" },
];

async function expectAsDescribed(operation: Described, response: Response): Promise<void> {
  const mediaType = response.headers.get("content-type")?.split(";")[0] ?? "";
  const { content } = operation.responses[response.status] ?? operation.responses["default"] ?? {};
  expect(Object.keys(content ?? {}), `${operation.operationId} ${response.status}`).toContain(mediaType);
  const validate = validatorOf(content?.[mediaType]?.schema ?? {});
  const valid = validate(await response.json());
  expect(validate.errors ?? [], `${operation.operationId} ${response.status}`).toEqual([]);
  expect(valid).toBe(true);
}

describe("answers", () => {
  it.each(EXAMPLES)("of $id are as described: $status to $path", async ({ body, id, path, status }) => {
    const operation = operations().find(({ operationId }) => operationId === id);
    if (operation === undefined) throw new Error(`${id} is not described`);
    const response = await fetch(`${server.url}${path}`, {
      method: operation.method,
      ...(body !== undefined && { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
    });
    expect(response.status).toBe(status);
    await expectAsDescribed(operation, response);
  });

  it("of every operation to a request that makes no sense are as described", async () => {
    for (const operation of operations()) {
      const path = operation.path.replaceAll(/\{\w+\}/g, "nothing");
      const response = await fetch(`${server.url}${path}`, { method: operation.method });
      if (response.headers.get("content-type")?.includes("json")) await expectAsDescribed(operation, response);
      else await response.body?.cancel();
      expect(Object.keys(operation.responses), `${operation.operationId} ${response.status}`).toContain(
        operation.responses[response.status] === undefined ? "default" : String(response.status),
      );
    }
  });
});
