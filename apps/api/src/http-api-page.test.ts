import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { loadConfig } from "@lotty/config";
import {
  MAX_ATTRIBUTE_DEPTH,
  MAX_ATTRIBUTE_ENTRIES,
  MAX_ATTRIBUTE_NAME_LENGTH,
  MAX_BODY_BYTES,
  MAX_FLAG_KEY_LENGTH,
  MAX_FLAGS,
  type ProblemCode,
} from "@lotty/contracts";
import { MAX_SUBJECT_ID_BYTES } from "@lotty/domain";
import { RecordingLogger } from "@lotty/testkit/fakes/recording-logger";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { problemAnswer } from "./http/problem-answer.ts";
import { STATUS_BY_CODE } from "./http/status-by-code.ts";
import { CONNECTION_TIMES, MAX_HEADER_BYTES } from "./server.ts";
import { type RunningApi, startApi } from "./start-api.ts";
import { runCurl } from "./testing/run-curl.ts";
import { urlOf } from "./welcome.ts";

const ROOT = new URL("../../../", import.meta.url);
const page = await readFile(new URL("docs/http-api.md", ROOT), "utf8");

/** The rows of its tables, without the spaces that align them. */
const rows = page.replaceAll(/^\|.*$/gm, (row) => row.replaceAll(/ +/g, " "));

/** Codes that stop a process from starting, or belong to operations that the API does not have. */
const NEVER_ANSWERED: readonly ProblemCode[] = [
  "address_in_use",
  "data_directory_in_use",
  "invalid_configuration",
  "invalid_definition",
];

const examples = [...page.matchAll(/```sh\n(.*?)```\n\n```json\n(.*?)```/gs)].map(([, line = "", answer = ""]) => ({
  line: line.trim(),
  answer,
}));

/** What is another one each time. */
const VARYING = new Set([
  "decided_at",
  "first_decided_at",
  "last_decided_at",
  "decision_id",
  "request_id",
  "at",
  "age_seconds",
  "checked_seconds_ago",
  "answered_in_ms",
]);

function comparable(text: string): unknown {
  return JSON.parse(text, (name, value: unknown) => (VARYING.has(name) ? `any ${typeof value}` : value));
}

describe("docs/http-api.md", () => {
  let api: RunningApi;

  beforeAll(async () => {
    const demo = fileURLToPath(new URL("demo/lotty.yaml", ROOT));
    const loaded = loadConfig({ LOTTY_DATA_DIR: "memory", LOTTY_DEMO: demo, PORT: "0" });
    if (!loaded.ok) throw new Error(JSON.stringify(loaded.faults));
    api = await startApi(loaded.config, new RecordingLogger());
    await api.ready;
  }, 120_000);

  afterAll(() => api.close());

  it("has an example of every route that answers JSON, and of a problem", () => {
    expect(examples.map(({ line }) => / '?http:\/\/127.0.0.1:8080([^\s']+)/.exec(line)?.[1])).toEqual([
      "/v1/decide",
      "/v1/decide",
      "/v1/explain",
      "/v1/subjects?subject_id=ada",
      "/readyz",
      "/v1/decide",
    ]);
  });

  it.each(examples)("shows what $line answers", async ({ line, answer }) => {
    const { text } = await runCurl(line.replace("http://127.0.0.1:8080", urlOf(api.address)));
    expect(comparable(text)).toEqual(comparable(answer));
  });

  it("lists every code that can be answered, with its status and whether to try again", () => {
    const listed = [...rows.matchAll(/^\| `(\w+)` \| (\d{3}) \| .* \| (yes)? ?\|$/gm)].map(
      ([, code, status, again]) => `${code} ${status}${again === undefined ? "" : " again"}`,
    );
    const answered = (Object.keys(STATUS_BY_CODE) as ProblemCode[])
      .filter((code) => !NEVER_ANSWERED.includes(code))
      .map((code) => {
        const again = problemAnswer({ code, detail: "" }, "").headers?.["retry-after"] !== undefined;
        return `${code} ${STATUS_BY_CODE[code]}${again ? " again" : ""}`;
      });
    expect(listed.toSorted()).toEqual(answered.toSorted());
  });

  it("tells the limits as they are", () => {
    const limits = rows.slice(rows.indexOf("## Limits"), rows.indexOf("## Headers"));
    const figure = (value: number): string => value.toLocaleString("en-US");
    for (const line of [
      `| body | ${figure(MAX_BODY_BYTES)} bytes |`,
      `| nesting of attributes | ${MAX_ATTRIBUTE_DEPTH} levels`,
      `| entries of attributes | ${figure(MAX_ATTRIBUTE_ENTRIES)} names`,
      `| name of an attribute | ${MAX_ATTRIBUTE_NAME_LENGTH} characters`,
      `| subject id | 1 to ${MAX_SUBJECT_ID_BYTES} bytes`,
      `| flag key | 1 to ${MAX_FLAG_KEY_LENGTH} characters`,
      `| \`flags\` | 1 to ${MAX_FLAGS},`,
      `| request line and headers | ${figure(MAX_HEADER_BYTES)} bytes |`,
      `| ${CONNECTION_TIMES.headers / 1_000} s, ${CONNECTION_TIMES.request / 1_000} s |`,
      `| closed after ${CONNECTION_TIMES.keepAlive / 1_000} s |`,
    ]) {
      expect(limits).toContain(line);
    }
  });
});
