import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { ModelConfiguration } from "../oracle/configuration.ts";
import { ConfigurationHistory } from "./configuration-history.ts";
import { Troubles } from "./troubles.ts";

const POLL_MILLIS = 5_000;

function revision(number: number): ModelConfiguration {
  const ids = {
    experiments: new Map<string, string>(),
    variants: new Map<string, string>(),
    domains: new Map<string, string>(),
  };
  return {
    revision: number,
    definitions: { flags: [], experiments: [], domains: [], segments: [] },
    ids,
    stamps: new Map(),
  };
}

describe("which configurations may have decided", () => {
  let troubles: Troubles;
  let history: ConfigurationHistory;

  beforeEach(() => {
    vi.useFakeTimers({ now: 0 });
    troubles = new Troubles(POLL_MILLIS);
    history = new ConfigurationHistory(troubles);
    history.add({ configuration: revision(1), what: "one", begunAt: 0, knownAt: 10 });
    history.add({ configuration: revision(2), what: "two", begunAt: 100_000, knownAt: 100_020 });
  });

  afterEach(() => {
    vi.useRealTimers();
  });

  function at(startedAt: number, process = "api-1"): readonly string[] {
    return history
      .candidates({ process, startedAt, endedAt: startedAt + 5 })
      .map(({ freshness, revision: { configuration } }) => `${configuration.revision} ${freshness}`);
  }

  it("both while a change is being written", () => {
    expect(at(99_990)).toEqual(["1 current"]);
    expect(at(100_010)).toEqual(["2 current", "1 current"]);
  });

  it("the old one for a second more", () => {
    expect(at(101_000)).toEqual(["2 current", "1 prompt"]);
    expect(at(101_030)).toEqual(["2 current"]);
  });

  it("the old one as long as nobody can be told, and until the next look after that", () => {
    vi.setSystemTime(99_000);
    const back = troubles.postgresAway();
    vi.setSystemTime(110_000);
    back();
    expect(at(110_000)).toEqual(["2 current", "1 outage"]);
    expect(at(110_000 + POLL_MILLIS + 2_900)).toEqual(["2 current", "1 outage"]);
    expect(at(110_000 + POLL_MILLIS + 3_100)).toEqual(["2 current"]);
  });

  it("the old one for a process that was held still, and for no other", () => {
    vi.setSystemTime(100_500);
    const back = troubles.stopped("api-2");
    vi.setSystemTime(104_000);
    back();
    expect(at(104_100, "api-2")).toEqual(["2 current", "1 outage"]);
    expect(at(104_100, "api-1")).toEqual(["2 current"]);
  });

  it("not the old one because of an outage that began long after the change", () => {
    vi.setSystemTime(150_000);
    troubles.postgresAway();
    expect(at(160_000)).toEqual(["2 current"]);
  });

  it("the old one where a process starts without the database from what it kept before the change", () => {
    vi.setSystemTime(101_500);
    troubles.killed("api-1");
    vi.setSystemTime(102_000);
    troubles.postgresAway();
    expect(at(103_000, "api-1")).toEqual(["2 current", "1 outage"]);
    expect(at(103_000, "api-2")).toEqual(["2 current"]);
  });
});
