import { RecordingLogger } from "@lotty/testkit/fakes/recording-logger";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ScriptedDecider } from "./testing/scripted-decider.ts";
import { type ServedForTest, serveForTest } from "./testing/serve-for-test.ts";

const ANY_TEXT: unknown = expect.any(String);
const logger = new RecordingLogger();
let server: ServedForTest;

beforeAll(async () => {
  server = await serveForTest({ decider: new ScriptedDecider(), logger });
});

afterAll(() => server.close(0));

const anyJson = fc.jsonValue({ maxDepth: 6 });
const text = fc.string({ unit: "binary" });

/** Bodies that are nearly right, so that every check is met. */
const nearly = fc.record(
  {
    flag: fc.oneof(text, anyJson),
    flags: fc.oneof(fc.array(text), anyJson),
    subject_id: fc.oneof(text, anyJson),
    attributes: fc.oneof(fc.dictionary(text, anyJson), anyJson),
    peek: fc.oneof(fc.boolean(), anyJson),
    ["__proto__"]: anyJson,
  },
  { requiredKeys: [] },
);

const body = fc.oneof(
  nearly.map((value) => JSON.stringify(value)),
  anyJson.map((value) => JSON.stringify(value)),
  text,
);

describe.each(["/v1/decide", "/v1/explain"])("POST %s", (path) => {
  it("gives 200 or a problem of the 400s for any body", async () => {
    await fc.assert(
      fc.asyncProperty(body, async (sent) => {
        const headers = { "content-type": "application/json" };
        const response = await fetch(`${server.url}${path}`, { method: "POST", body: sent, headers });
        const answer: unknown = await response.json();
        if (response.status === 200) return;
        expect(response.status).toBeGreaterThanOrEqual(400);
        expect(response.status).toBeLessThan(500);
        expect(answer).toMatchObject({ status: response.status, code: ANY_TEXT });
      }),
      { numRuns: 300 },
    );
    expect(logger.lines.filter(({ level }) => level === "error")).toEqual([]);
  });
});
