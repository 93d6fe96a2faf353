import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import { afterEach, describe, expect, it } from "vitest";
import { httpSource } from "./http-source.ts";

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
  server = undefined;
});

/** Serves the answers one after the other, and keeps what was asked. */
async function serve(answers: readonly Answer[]): Promise<{ readonly url: string; readonly asked: unknown[] }> {
  const asked: unknown[] = [];
  server = createServer((request, response) => {
    void json(request).then((body) => {
      asked.push({ path: request.url, body });
      const answer = answers[asked.length - 1] ?? answers.at(-1);
      response.writeHead(answer?.status ?? 500).end(JSON.stringify(answer?.body));
    });
  });
  await new Promise<void>((resolve) => server?.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/base`, asked };
}

const decision = { flag: "f", value: 1, reason: "no_active_experiment" };
const good: Answer = { status: 200, body: { decisions: [decision] } };
const subject = { id: "s", attributes: { a: 1 } };

function problem(status: number, code: string): Answer {
  return { status, body: { type: "about:blank", title: "t", status, code, detail: "what happened" } };
}

describe("httpSource", () => {
  it("asks for all flags of a subject at once, under the given address", async () => {
    const { url, asked } = await serve([good]);
    expect(await httpSource(url).decide(["f", "g"], subject, false)).toEqual([decision]);
    expect(asked).toEqual([
      { path: "/base/v1/decide", body: { flags: ["f", "g"], subject_id: "s", attributes: { a: 1 }, peek: true } },
    ]);
  });

  it("passes the code and the detail of a problem on", async () => {
    const { url } = await serve([problem(400, "invalid_request")]);
    await expect(httpSource(url).decide(["f"], subject, true)).rejects.toMatchObject({
      code: "invalid_request",
      message: "what happened",
    });
  });

  it("asks again when a server that has answered is not ready for a moment", async () => {
    const { url, asked } = await serve([good, problem(503, "not_ready"), good]);
    const source = httpSource(url);
    await source.decide(["f"], subject, false);
    expect(await source.decide(["f"], subject, false)).toEqual([decision]);
    expect(asked).toHaveLength(3);
  });

  it("gives up at once on a server that has never answered", async () => {
    const { url, asked } = await serve([problem(503, "not_ready")]);
    await expect(httpSource(url).decide(["f"], subject, false)).rejects.toMatchObject({ code: "not_ready" });
    expect(asked).toHaveLength(1);
    await expect(httpSource("http://127.0.0.1:1").explain("f", subject)).rejects.toMatchObject({ code: "not_ready" });
  });

  it.each([
    ["something else", { status: 200, body: { hello: 1 } }, "invalid_request"],
    ["an error that is no problem", { status: 404, body: "nope" }, "invalid_request"],
    ["a failing proxy", { status: 502, body: "bad gateway" }, "not_ready"],
  ] as const)("tells an API from %s", async (_what, answer, code) => {
    const { url } = await serve([answer]);
    await expect(httpSource(url).explain("f", subject)).rejects.toMatchObject({ code });
  });

  it.each(["localhost:8080", "ftp://x", "nonsense"])("refuses the address %s", (address) => {
    expect(() => httpSource(address)).toThrow(expect.objectContaining({ code: "invalid_request" }));
  });
});
