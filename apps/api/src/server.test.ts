import { RecordingLogger } from "@lotty/testkit/fakes/recording-logger";
import { afterEach, describe, expect, it } from "vitest";
import type { ConnectionTimes } from "./server.ts";
import { RawConnection } from "./testing/raw-connection.ts";
import { ScriptedDecider } from "./testing/scripted-decider.ts";
import { type ServedForTest, serveForTest } from "./testing/serve-for-test.ts";

const BODY = '{"flag":"checkout","subject_id":"user-1"}';
const HEAD = "POST /v1/decide HTTP/1.1\r\nHost: lotty\r\nContent-Type: application/json\r\n";
const REQUEST = `${HEAD}Content-Length: ${BODY.length}\r\n\r\n${BODY}`;
const ANSWERED = /"durability":"committed"}$/;

const opened: { close(drainMillis: number): unknown }[] = [];

afterEach(async () => {
  for (const each of opened.splice(0).toReversed()) await each.close(0);
});

interface Setting {
  readonly server: ServedForTest;
  readonly decider: ScriptedDecider;
  readonly logger: RecordingLogger;
}

async function serve(times?: ConnectionTimes): Promise<Setting> {
  const decider = new ScriptedDecider();
  const logger = new RecordingLogger();
  const server = await serveForTest({ decider, logger, ...(times && { times }) });
  opened.push(server);
  return { server, decider, logger };
}

async function connectTo({ server }: Setting): Promise<RawConnection> {
  const connection = await RawConnection.open(server.address.port);
  opened.push(connection);
  return connection;
}

/** Makes the decider wait; the returned function lets it go on. */
function hold(decider: ScriptedDecider): { readonly asked: Promise<void>; release(): void } {
  const asked = Promise.withResolvers<void>();
  const released = Promise.withResolvers<void>();
  decider.before = async () => {
    asked.resolve();
    await released.promise;
  };
  return { asked: asked.promise, release: () => released.resolve() };
}

describe("malformed requests", () => {
  it.each([
    { what: "no HTTP at all", bytes: "hello\r\n\r\n" },
    { what: "TLS", bytes: "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" },
    { what: "a bad header", bytes: "GET /livez HTTP/1.1\r\nHost: lotty\r\nbad header\r\n\r\n" },
    {
      what: "both length and chunks",
      bytes: `${HEAD}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    },
    { what: "a bad chunk", bytes: `${HEAD}Transfer-Encoding: chunked\r\n\r\nzz\r\n` },
    {
      what: "headers of 20 kB",
      bytes: `GET /livez HTTP/1.1\r\nX: ${"x".repeat(20_000)}\r\n\r\n`,
      status: 431,
      code: "headers_too_large",
    },
  ])("answers $what with a problem and closes", async ({ bytes, status = 400, code = "invalid_request" }) => {
    const setting = await serve();
    const connection = await connectTo(setting);
    connection.send(bytes);
    const received = await connection.untilOver();
    expect(received).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(received).toMatch(/\r\nConnection: close\r\n/);
    expect(JSON.parse(received.slice(received.indexOf("\r\n\r\n")))).toMatchObject({ status, code });
    expect(connection.ending).toBe("end");
    expect((await fetch(`${setting.server.url}/livez`)).status).toBe(200);
  });

  it("does not slip the answer to rubbish in before the answer that is due", async () => {
    const setting = await serve();
    const held = hold(setting.decider);
    const connection = await connectTo(setting);
    connection.send(`${REQUEST}rubbish\r\n\r\n`);
    await connection.untilOver();
    held.release();
    expect(connection.received).toBe("");
  });

  it("forgets a caller that goes away in the middle of its body", async () => {
    const setting = await serve();
    const connection = await connectTo(setting);
    connection.send(`${HEAD}Content-Length: 100\r\n\r\n{"flag":`);
    await expect.poll(() => fetch(`${setting.server.url}/livez`).then(({ status }) => status)).toBe(200);
    connection.close();
    await expect.poll(() => setting.logger.events).toContain("http_connection_lost");
    expect(setting.decider.asked).toEqual([]);
    expect(setting.logger.lines.filter(({ level }) => level === "error")).toEqual([]);
  });
});

describe("bodies in chunks", () => {
  const chunked = `${HEAD}Transfer-Encoding: chunked\r\n\r\n`;

  it("are put together", async () => {
    const connection = await connectTo(await serve());
    connection.send(chunked);
    for (const piece of [BODY.slice(0, 9), BODY.slice(9)]) {
      connection.send(`${piece.length.toString(16)}\r\n${piece}\r\n`);
    }
    connection.send("0\r\n\r\n");
    expect(await connection.until(ANSWERED)).toMatch(/^HTTP\/1.1 200 /);
  });

  it("are refused beyond the limit while the caller still sends, and the connection stays usable", async () => {
    const setting = await serve();
    const connection = await connectTo(setting);
    const chunk = `1000\r\n${" ".repeat(4096)}\r\n`;
    connection.send(chunked + chunk.repeat(17));
    expect(await connection.until(/"code":"request_too_large"/)).toMatch(/^HTTP\/1.1 413 /);
    connection.send(`${chunk.repeat(100)}0\r\n\r\n${REQUEST}`);
    expect(await connection.until(ANSWERED)).toContain("HTTP/1.1 200 ");
    expect(setting.decider.asked).toHaveLength(1);
  });
});

describe("slow callers", () => {
  const times: ConnectionTimes = { headers: 150, request: 300, keepAlive: 5_000, check: 50 };

  it.each([
    ["headers", "POST /v1/decide HTTP/1.1\r\nHost: lotty\r\n"],
    ["a body", `${HEAD}Content-Length: 100\r\n\r\n{"flag":`],
  ])("that never finish %s are answered with 408 and cut off", async (_, bytes) => {
    const connection = await connectTo(await serve(times));
    connection.send(bytes);
    const received = await connection.untilOver();
    expect(received).toMatch(/^HTTP\/1.1 408 /);
    expect(received).toContain('"code":"request_timeout"');
  });
});

describe("stopping", () => {
  it("finishes the request in flight, asks its connection to close, and takes no new ones", async () => {
    const setting = await serve();
    const held = hold(setting.decider);
    const connection = await connectTo(setting);
    connection.send(REQUEST);
    await held.asked;
    const closed = setting.server.close(0);
    await expect.poll(() => fetch(`${setting.server.url}/livez`).catch(() => "refused")).toBe("refused");
    held.release();
    const received = await connection.untilOver();
    expect(received).toMatch(/^HTTP\/1.1 200 /);
    expect(received).toMatch(/\r\nconnection: close\r\n/);
    expect(received).toMatch(ANSWERED);
    expect(connection.ending).toBe("end");
    await closed;
  });

  it("answers a kept connection once more while draining, then ends it without a reset", async () => {
    const setting = await serve();
    const connection = await connectTo(setting);
    connection.send(REQUEST);
    await connection.until(ANSWERED);
    const closed = setting.server.close(5_000);
    const before = connection.received.length;
    connection.send(REQUEST);
    const second = (await connection.untilOver()).slice(before);
    expect(second).toMatch(/^HTTP\/1.1 200 /);
    expect(second).toMatch(/\r\nconnection: close\r\n/);
    expect(connection.ending).toBe("end");
    await closed;
  });

  it("takes new connections while draining, on operations routes too", async () => {
    const setting = await serve();
    const idle = await connectTo(setting);
    const closed = setting.server.close(300);
    const response = await fetch(`${setting.server.url}/livez`);
    expect(response.headers.get("connection")).toBe("close");
    await closed;
    await idle.untilOver();
    expect(idle.ending).toBe("end");
  });

  it("takes new connections for as long as load balancers need to notice, although none is left", async () => {
    const { server } = await serve();
    const begun = performance.now();
    const closed = server.close(5_000, 400);
    await new Promise((resolve) => setTimeout(resolve, 200));
    const connection = await RawConnection.open(server.address.port);
    connection.send(REQUEST);
    expect(await connection.untilOver()).toMatch(ANSWERED);
    await closed;
    expect(performance.now() - begun).toBeGreaterThan(390);
  });

  it("does not wait for connections that are idle or were never used", async () => {
    const setting = await serve();
    const idle = await connectTo(setting);
    idle.send(REQUEST);
    await idle.until(ANSWERED);
    const unused = await connectTo(setting);
    const begun = performance.now();
    await setting.server.close(100);
    expect(performance.now() - begun).toBeLessThan(2_000);
    await Promise.all([idle.untilOver(), unused.untilOver()]);
    expect([idle.ending, unused.ending]).toEqual(["end", "end"]);
  });

  it("does not wait for the end of draining when there is no connection", async () => {
    const { server } = await serve();
    const begun = performance.now();
    await server.close(5_000);
    expect(performance.now() - begun).toBeLessThan(1_000);
  });
});
