import { IncomingMessage } from "node:http";
import { Socket } from "node:net";
import { setImmediate } from "node:timers/promises";
import { LottyError } from "@lotty/domain";
import { type Caller, LOCAL_CALLER, NOBODY, personCaller } from "@lotty/identity";
import { ManualTimer } from "@lotty/testkit/fakes/manual-timer";
import { RecordingLogger } from "@lotty/testkit/fakes/recording-logger";
import { beforeEach, describe, expect, it } from "vitest";
import { SessionCookie } from "./session-cookie.ts";
import { type LastingCredentials, StandingCallers } from "./standing-callers.ts";

let timer: ManualTimer;
let logger: RecordingLogger;
let liveKeys: Set<string>;
let liveAmong: LastingCredentials["sessions"]["liveAmong"];
let asked: string[][];
let callers: StandingCallers;
let ended: string[];

beforeEach(() => {
  timer = new ManualTimer();
  logger = new RecordingLogger();
  liveKeys = new Set(["one", "two"]);
  asked = [];
  ended = [];
  liveAmong = (tokens) => {
    asked.push([...tokens]);
    return Promise.resolve(new Set(["token-a"]));
  };
  callers = new StandingCallers({
    identity: () => ({ ring: { isLive: (id) => liveKeys.has(id) }, sessions: { liveAmong: (all) => liveAmong(all) } }),
    cookie: new SessionCookie(false),
    timer,
    logger,
  });
});

function watch(name: string, caller: Caller, token?: string): () => void {
  const request = new IncomingMessage(new Socket());
  if (token !== undefined) request.headers.cookie = `lotty_session=${token}`;
  return callers.watch({ caller, request }, () => ended.push(name));
}

const keyOf = (id: string): Caller => ({ ...NOBODY, kind: "key", id });
const ADA = personCaller({ id: "ada", name: "ada", roles: ["viewer"] });

async function look(): Promise<void> {
  timer.fire();
  await setImmediate();
}

describe("callers whose requests last", () => {
  it("are told once when their key is not live any more, and nobody else is", async () => {
    watch("first", keyOf("one"));
    watch("second", keyOf("one"));
    watch("other", keyOf("two"));
    await look();
    expect(ended).toEqual([]);
    liveKeys.delete("one");
    await look();
    await look();
    expect(ended).toEqual(["first", "second"]);
  });

  it("are told when their session has ended, by one look-up for all sessions", async () => {
    watch("a", ADA, "token-a");
    watch("b", ADA, "token-b");
    watch("b again", ADA, "token-b");
    await look();
    expect(asked).toEqual([["token-a", "token-b"]]);
    expect(ended).toEqual(["b", "b again"]);
  });

  it("are not told once they are gone, also when they go while the database is asked", async () => {
    const answer = Promise.withResolvers<ReadonlySet<string>>();
    liveAmong = () => answer.promise;
    const leave = watch("gone", ADA, "token-b");
    timer.fire();
    leave();
    answer.resolve(new Set());
    await setImmediate();
    expect(ended).toEqual([]);
  });

  it("wait while the database is slow, which is not asked again before it has answered", async () => {
    let times = 0;
    liveAmong = () => {
      times += 1;
      return new Promise(() => undefined);
    };
    watch("a", ADA, "token-a");
    await look();
    await look();
    expect(times).toBe(1);
  });

  it("go on while the database is away, and are told when it is back", async () => {
    const usual = liveAmong;
    liveAmong = () => Promise.reject(new LottyError("database_unavailable", "Away."));
    watch("b", ADA, "token-b");
    await look();
    expect(ended).toEqual([]);
    expect(logger.events).toContain("sessions_not_checked");
    liveAmong = usual;
    await look();
    expect(ended).toEqual(["b"]);
  });

  it("are not looked after when they came without key and session", async () => {
    watch("local", LOCAL_CALLER);
    await look();
    expect(asked).toEqual([]);
    expect(ended).toEqual([]);
  });
});
