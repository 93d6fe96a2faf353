import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runCurl } from "./testing/run-curl.ts";
import { serveConfiguration, type ServedConfiguration } from "./testing/serve-configuration.ts";

const ROOT = new URL("../../../", import.meta.url);
const SHOWN_URL = "http://127.0.0.1:8080";

const read = (path: string): Promise<string> => readFile(new URL(path, ROOT), "utf8");
const [openFeature, httpApi, demo] = await Promise.all(
  ["docs/openfeature.md", "docs/http-api.md", "demo/lotty.yaml"].map(read),
);

const curls = [...(openFeature ?? "").matchAll(/```sh\n(curl.*?)```\n\n```json\n(.*?)```/gs)].map(
  ([, line = "", answer = ""]) => ({
    line: line.trim(),
    answer,
  }),
);

const programs = [...`${openFeature}${httpApi}`.matchAll(/```ts\n(.*?)```/gs)].map(([, program = ""]) => ({
  title: /from "([^"]+)"/.exec(program)?.[1] ?? "",
  program,
  output: /console\.log\(.*\); \/\/ (.*)\n/.exec(program)?.[1] ?? "",
}));

/** What is another one each time. */
const VARYING = new Set(["decisionId"]);

function comparable(text: string): unknown {
  return JSON.parse(text, (name, value: unknown) => (VARYING.has(name) ? `any ${typeof value}` : value));
}

describe("docs/openfeature.md and the programs of docs/http-api.md", () => {
  let server: ServedConfiguration;
  let folder: string;

  beforeAll(async () => {
    server = await serveConfiguration(demo ?? "");
    // Beside this file, where the packages that the programs import are found.
    folder = await mkdtemp(join(import.meta.dirname, ".programs-"));
  });

  afterAll(async () => {
    await rm(folder, { recursive: true, force: true });
    await server.close(0);
  });

  it("have the examples that are tried out here", () => {
    expect(curls).toHaveLength(2);
    expect(programs.map(({ title }) => title)).toEqual([
      "@openfeature/ofrep-provider",
      "@openfeature/ofrep-web-provider",
      "@lotty/contracts",
    ]);
  });

  it.each(curls)("show what $line answers", async ({ answer, line }) => {
    const { text } = await runCurl(line.replace(SHOWN_URL, server.url));
    expect(comparable(text)).toEqual(comparable(answer));
  });

  it.each(programs)("have a program with $title that prints what it says", async ({ output, program, title }) => {
    const file = join(folder, `${title.replaceAll(/\W/g, "-")}.ts`);
    await writeFile(file, program.replace(SHOWN_URL, server.url));
    const run = promisify(execFile)(process.execPath, ["--conditions=@lotty/source", file], {
      cwd: fileURLToPath(ROOT),
    });
    expect((await run).stdout.trim()).toBe(output);
  });
});
