import { createServer, type Server, type ServerResponse } from "node:http";
import { once } from "node:events";
import { setImmediate } from "node:timers/promises";
import { ManualTimer } from "@lotty/testkit/fakes/manual-timer";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { RawConnection } from "../../testing/raw-connection.ts";
import { EventStreams } from "./event-streams.ts";

const environmentId = "here";
const event = (revision: number): string => `id: ${revision}\ndata: ${revision}\n\n`;

let timer: ManualTimer;
let streams: EventStreams;
let server: Server;
let port: number;
let responses: ServerResponse[];
let lastEventId: string | undefined;
let endings: Set<() => void>;

beforeEach(async () => {
  timer = new ManualTimer();
  streams = new EventStreams({ maxStreams: 2, timer, random: () => 0.5 });
  responses = [];
  lastEventId = undefined;
  endings = new Set();
  server = createServer((_, response) => {
    responses.push(response);
    response.writeHead(200, { "content-type": "text/event-stream" });
    const watchCaller = (end: () => void): (() => void) => {
      endings.add(end);
      return () => endings.delete(end);
    };
    streams.start({ environmentId, revision: 7, lastEventId, event, watchCaller })(response);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  port = (server.address() as { readonly port: number }).port;
});

afterEach(() => {
  server.closeAllConnections();
  server.close();
});

async function open(): Promise<RawConnection> {
  const connection = await RawConnection.open(port);
  connection.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  await connection.until(/retry: /);
  return connection;
}

describe("a stream", () => {
  it("begins with when to come back and the newest revision", async () => {
    const connection = await open();
    expect(await connection.until(/id: 7/)).toMatch(/retry: 3000\n\nid: 7\ndata: 7\n\n/);
    connection.close();
  });

  it("does not tell a client what it says it has", async () => {
    lastEventId = "7";
    const connection = await open();
    streams.publish({ environmentId, revision: 8 });
    expect(await connection.until(/id: 8/)).not.toContain("id: 7");
    connection.close();
  });

  it("tells of its own environment only", async () => {
    const connection = await open();
    streams.publish({ environmentId: "elsewhere", revision: 9 });
    streams.publish({ environmentId, revision: 10 });
    expect(await connection.until(/id: 10/)).not.toContain("id: 9");
    connection.close();
  });

  it("tells a client whatever is not what it has, also when the configuration was restored from an earlier day", async () => {
    lastEventId = "9";
    const connection = await open();
    expect(await connection.until(/id: /)).toContain("id: 7");
    connection.close();
  });

  it("beats, so that no proxy takes it for dead", async () => {
    const connection = await open();
    await connection.until(/id: 7/);
    timer.fire();
    expect(await connection.until(/\n:\n\n/)).toMatch(/\n:\n\n/);
    connection.close();
  });

  it("is not counted any more once its client is gone", async () => {
    const connection = await open();
    await open();
    expect(streams.full).toBe(true);
    connection.close();
    await expect.poll(() => streams.size).toBe(1);
    expect(streams.full).toBe(false);
  });

  it("is cut off when its client does not read, and the others go on", async () => {
    const slow = await open();
    const [response] = responses;
    const quick = await open();
    // As if the socket took nothing: what is written stays in memory.
    response?.cork();
    for (let revision = 8; revision < 2_000; revision += 1) {
      streams.publish({ environmentId, revision });
      await setImmediate();
    }
    await slow.untilOver();
    expect(response?.destroyed).toBe(true);
    expect(response?.writableLength ?? 0).toBeLessThan(17_000);
    expect(await quick.until(/id: 1999\n/)).toContain("id: 1999\n");
    expect(streams.size).toBe(1);
    quick.close();
  });

  it("ends in good order when its caller must not listen any more, and the others go on", async () => {
    const first = await open();
    const second = await open();
    const [end] = endings;
    end?.();
    expect(await first.until(/\r\n0\r\n\r\n/)).toContain("id: 7");
    streams.publish({ environmentId, revision: 8 });
    expect(await second.until(/id: 8/)).toContain("id: 8");
    expect(streams.size).toBe(1);
    first.close();
    second.close();
    await expect.poll(() => endings.size).toBe(0);
  });

  it("ends in good order when the server is about to stop, and so does a new one", async () => {
    const connection = await open();
    streams.drain();
    expect(await connection.until(/\r\n0\r\n\r\n/)).toContain("id: 7");
    const late = await open();
    expect(await late.until(/\r\n0\r\n\r\n/)).toContain("retry: 3000");
    expect(streams.size).toBe(0);
    connection.close();
    late.close();
  });
});
