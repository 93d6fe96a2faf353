import type { RedisConnections } from "@lotty/cache";
import { LottyError, type DecisionQueue } from "@lotty/domain";
import { RecordingLogger } from "@lotty/testkit/fakes/recording-logger";
import { describe, expect, it } from "vitest";
import { configForTest } from "../testing/config-for-test.ts";
import { checkStream } from "./check-stream.ts";

const REDIS_URL = "redis://127.0.0.1:1";
const asynchronous = configForTest({ REDIS_URL, DECISION_WRITE_MODE: "async" });

function redisWith(durabilityFaults: RedisConnections["durabilityFaults"]): RedisConnections {
  const unused = () => {
    throw new Error("only the question about durability is asked");
  };
  const port = new Proxy({}, { get: unused });
  return {
    decisionCache: port as RedisConnections["decisionCache"],
    historyCache: port as RedisConnections["historyCache"],
    notices: port as RedisConnections["notices"],
    queue: port as RedisConnections["queue"],
    deadLetters: port as RedisConnections["deadLetters"],
    eventQueue: port as RedisConnections["eventQueue"],
    eventDeadLetters: port as RedisConnections["eventDeadLetters"],
    eventStream: unused,
    counters: { client: port, keyPrefix: "" },
    stream: unused,
    layout: unused,
    ping: unused,
    close: unused,
    durabilityFaults,
  };
}

const safe = redisWith(() => Promise.resolve([]));
const unsafe = redisWith(() => Promise.resolve(["appendonly is no: a restart loses the stream."]));
const away = redisWith(() => Promise.reject(new LottyError("decision_stream_unavailable", "Redis failed.")));

const queue: DecisionQueue = { enqueue: () => Promise.resolve() };
const refused: unknown = expect.objectContaining({ code: "decision_stream_unavailable" });

describe("checkStream", () => {
  it("lets async use a Redis that keeps what it acknowledges", async () => {
    expect(await checkStream(asynchronous, { queue, redis: safe }, new RecordingLogger())).toBe(queue);
  });

  it("refuses async on a Redis that may lose it, and names fault, setting and ways out", async () => {
    const error = await checkStream(asynchronous, { queue, redis: unsafe }, new RecordingLogger()).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toMatchObject({ code: "invalid_configuration", details: { setting: "DECISION_WRITE_MODE" } });
    for (const part of ["DECISION_WRITE_MODE=async", "appendonly is no", "DECISION_STREAM_ALLOW_UNSAFE_REDIS=true"]) {
      expect(String(error)).toContain(part);
    }
  });

  it("queues nothing while Redis cannot be asked, and starts all the same", async () => {
    const logger = new RecordingLogger();
    const unchecked = await checkStream(asynchronous, { queue, redis: away }, logger);
    expect(logger.events).toEqual(["decision_stream_not_reached"]);
    await expect(unchecked?.enqueue([])).rejects.toEqual(refused);
  });

  it("does not ask when the operator accepts the loss, but says so", async () => {
    const logger = new RecordingLogger();
    const env = { REDIS_URL, DECISION_WRITE_MODE: "async", DECISION_STREAM_ALLOW_UNSAFE_REDIS: "true" };
    expect(await checkStream(configForTest(env), { queue, redis: away }, logger)).toBe(queue);
    expect(logger.events).toEqual(["decision_stream_unchecked"]);
  });

  it.each(["sync", "disabled"])("does not ask in %s mode, which promises nothing of the stream", async (mode) => {
    const config = configForTest({ REDIS_URL, DECISION_WRITE_MODE: mode });
    expect(await checkStream(config, { queue, redis: away }, new RecordingLogger())).toBe(queue);
  });
});
