import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runCurl } from "./testing/run-curl.ts";
import { type ServedControl, serveControl } from "./testing/serve-control.ts";

const page = await readFile(new URL("../../../docs/control-plane.md", import.meta.url), "utf8");

/** Examples, in their order: what is typed in, and what is answered where the page shows it. */
const examples = [...page.matchAll(/```sh\n(.*?)```\n(?:\n```json\n(.*?)```)?/gs)].map(([, lines = "", answer]) => ({
  lines: lines.trim().split(/\n(?=curl )/),
  answer,
}));

/** What is another one each time. */
const VARYING = new Set(["id", "flag_id", "request_id", "updated_at", "hash"]);

function comparable(text: string): unknown {
  const value: unknown = JSON.parse(text, (name, inner: unknown) =>
    VARYING.has(name) ? `any ${typeof inner}` : name === "authors" && Array.isArray(inner) ? inner.length : inner,
  );
  return value;
}

function idIn(answer: string): string {
  const value: unknown = JSON.parse(answer);
  return typeof value === "object" && value !== null && "id" in value ? String(value.id) : "";
}

describe("docs/control-plane.md", () => {
  let server: ServedControl;
  const variables = new Map<string, string>();

  beforeAll(async () => {
    server = await serveControl();
    variables.set("EVE", await server.key("experimenter"));
    variables.set("ANN", await server.key("approver"));
    variables.set("ADMIN", await server.key("admin"));
  });

  afterAll(() => server.close(0));

  /** A line as a shell would hand it on: with the values of its variables, and quoted in one way only. */
  function withVariables(line: string): string {
    return line
      .replaceAll(/'\$([A-Z]+)'/g, (_, name: string) => variables.get(name) ?? "")
      .replaceAll(/\$([A-Z]+)/g, (_, name: string) => variables.get(name) ?? "")
      .replaceAll(/(?<= )"((?:http|Authorization)[^"]*)"/g, "'$1'")
      .replace("http://127.0.0.1:8080", server.url);
  }

  it("shows what happens, one example after the other", async () => {
    expect(examples.length).toBeGreaterThan(4);
    for (const { answer, lines } of examples) {
      for (const line of lines) {
        const { status, text } = await runCurl(withVariables(line));
        if (answer === undefined) expect([line, status]).toEqual([line, 200]);
        else expect(comparable(text)).toEqual(comparable(answer));
        if (line.includes("/v1/flags ")) variables.set("FLAG", idIn(text));
        if (line.includes("/v1/experiments ")) variables.set("EXPERIMENT", idIn(text));
      }
    }
  });

  it("names every route of the control plane", () => {
    const paths = /^\/v1\/(flags|stale-flags|experiments|approver-groups|segments|domains|definitions|audit)(\/|$)/;
    const routes = server.routes.filter(({ path }) => paths.test(path));
    expect(routes.length).toBeGreaterThan(40);
    for (const { path } of routes) {
      const template = path.replaceAll(/:(\w+)/g, "{$1}");
      const end = template.split("/").at(-1) ?? "";
      const short = `…/${template.split("/").slice(-2).join("/")}`;
      const words = end.startsWith("{") ? [template, short] : [template, `/${end}`, `\`${end}\``];
      expect([path, words.some((word) => page.includes(word))]).toEqual([path, true]);
    }
  });
});
