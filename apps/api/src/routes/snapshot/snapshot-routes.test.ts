import { readSnapshot } from "@lotty/contracts";
import { DEFAULT_ENVIRONMENT_ID } from "@lotty/domain";
import { compileSnapshot, decide } from "@lotty/engine";
import { NOBODY } from "@lotty/identity";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { EVERY_TYPE_FILE } from "../../testing/every-type-file.ts";
import { RawConnection } from "../../testing/raw-connection.ts";
import { serveConfiguration, type ServedConfiguration } from "../../testing/serve-configuration.ts";

let server: ServedConfiguration;

beforeEach(async () => {
  server = await serveConfiguration(EVERY_TYPE_FILE);
});

afterEach(() => server.close(0));

const get = (headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${server.url}/v1/snapshot`, { headers });

describe("GET /v1/snapshot", () => {
  it("lets an engine decide without parser and server as the server decides", async () => {
    const read = readSnapshot(await (await get()).json());
    if (!read.ok) throw new Error(JSON.stringify(read.faults));
    const snapshot = compileSnapshot(read.request.configuration, read.request);
    const { flags } = server.snapshots.current(DEFAULT_ENVIRONMENT_ID);
    const attributes = fc.record({ country: fc.constantFrom("DE", "FR"), beta: fc.boolean() }, { requiredKeys: [] });
    await fc.assert(
      fc.asyncProperty(fc.uuid(), attributes, async (id, subjectAttributes) => {
        const response = await fetch(`${server.url}/v1/decide`, {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify({ flags: [...flags.keys()], subject_id: id, attributes: subjectAttributes, peek: true }),
        });
        const { decisions } = (await response.json()) as { readonly decisions: readonly Record<string, unknown>[] };
        for (const decision of decisions) {
          const context = { subject: { id, attributes: subjectAttributes }, history: [], now: Date.now() * 1_000 };
          const { experiment, reason, value, variant } = decide(snapshot, String(decision["flag"]), context);
          expect({ reason, value, experiment: experiment?.id ?? null, variant: variant?.id ?? null }).toEqual({
            reason: decision["reason"],
            value: decision["value"],
            experiment: decision["experiment_id"],
            variant: decision["variant_id"],
          });
        }
      }),
      { numRuns: 50 },
    );
  });

  it("is not sent again until there is a new revision", async () => {
    const etag = (await get()).headers.get("etag") ?? "";
    expect(etag).toBe('W/"2-1"');
    expect((await get({ "if-none-match": etag })).status).toBe(304);
    await server.change(EVERY_TYPE_FILE.replace("default: hello", "default: good day"));
    await expect.poll(() => server.snapshots.production.revision).toBe(2);
    const changed = await get({ "if-none-match": etag });
    expect(changed.status).toBe(200);
    expect(changed.headers.get("etag")).toBe('W/"2-2"');
  });

  it("is compressed for those who take that, and means the same", async () => {
    const plain = await get({ "accept-encoding": "identity" });
    expect(plain.headers.get("content-encoding")).toBeNull();
    expect(plain.headers.get("vary")).toBe("accept-encoding");
    const zipped = await get({ "accept-encoding": "gzip" });
    expect(zipped.headers.get("content-encoding")).toBe("gzip");
    expect(await zipped.json()).toEqual(await plain.json());
  });

  it("says how long it is", async () => {
    const connection = await RawConnection.open(server.address.port);
    connection.send("GET /v1/snapshot HTTP/1.1\r\nHost: a\r\nAccept-Encoding: gzip\r\nConnection: close\r\n\r\n");
    const [head = "", body = ""] = (await connection.untilOver()).split("\r\n\r\n", 2);
    expect(head.toLowerCase()).toContain(`content-length: ${body.length}`);
  });

  it("is not for keys that may only see values", async () => {
    const client = {
      ...NOBODY,
      kind: "key" as const,
      id: "k",
      scopes: ["decide"] as const,
      keyType: "client" as const,
    };
    const guarded = await serveConfiguration(EVERY_TYPE_FILE, { authenticator: { identify: () => client } });
    const response = await fetch(`${guarded.url}/v1/snapshot`);
    expect(response.status).toBe(403);
    expect(await response.text()).not.toContain("country");
    await guarded.close(0);
  });
});
