import { DEFAULT_ENVIRONMENT_ID, type EventType, type KeptEventTypes, LottyError } from "@lotty/domain";
import { RecordingLogger } from "@lotty/testkit/fakes/recording-logger";
import { beforeEach, describe, expect, it } from "vitest";
import { EventCatalogue } from "./event-catalogue.ts";
import { eventType } from "./testing/event-fixture.ts";

let types: readonly EventType[];
let revision: number;
let reads: number;
let failure: LottyError | undefined;
let logger: RecordingLogger;
let kept: KeptEventTypes | undefined;
let catalogue: EventCatalogue;
beforeEach(() => {
  types = [eventType()];
  revision = 1;
  reads = 0;
  failure = undefined;
  kept = undefined;
  logger = new RecordingLogger();
  catalogue = newCatalogue();
});

function newCatalogue(): EventCatalogue {
  return new EventCatalogue({
    source: {
      eventTypes: async () => {
        reads += 1;
        if (failure !== undefined) throw failure;
        return types;
      },
    },
    keeper: {
      keepEventTypes: (_environmentId, of) => {
        kept = of;
      },
      recallEventTypes: async () => kept,
    },
    revision: () => revision,
    logger,
  });
}

const keys = async (): Promise<readonly string[]> => [...(await catalogue.typesOf(DEFAULT_ENVIRONMENT_ID)).keys()];

describe("the catalogue of event types", () => {
  it("is read once for a revision, also when many ask at once", async () => {
    expect(await Promise.all([keys(), keys()])).toStrictEqual([["purchase"], ["purchase"]]);
    await keys();
    expect(reads).toBe(1);
  });

  it("is read anew when something was changed", async () => {
    await keys();
    types = [...types, eventType({ key: "refund" })];
    revision = 2;
    expect(await keys()).toStrictEqual(["purchase", "refund"]);
  });

  it("is what it was while it cannot be read, and read again when it can", async () => {
    await keys();
    types = [];
    revision = 2;
    failure = new LottyError("database_unavailable", "away");
    expect(await keys()).toStrictEqual(["purchase"]);
    expect(logger.events).toStrictEqual(["event_types_not_refreshed"]);
    failure = undefined;
    expect(await keys()).toStrictEqual([]);
  });

  it("is what an earlier process has kept when it cannot be read, and not asked for again as long as nothing was changed", async () => {
    revision = 5;
    await keys();
    expect(kept?.revision).toBe(5);
    failure = new LottyError("database_unavailable", "away");
    catalogue = newCatalogue();
    expect(await keys()).toStrictEqual(["purchase"]);
    expect(await keys()).toStrictEqual(["purchase"]);
    expect(reads).toBe(2);
  });

  it("is read as soon as it can be when what was kept is of another revision", async () => {
    kept = { revision: 9, types };
    types = [eventType({ key: "refund" })];
    failure = new LottyError("database_unavailable", "away");
    expect(await keys()).toStrictEqual(["purchase"]);
    failure = undefined;
    expect(await keys()).toStrictEqual(["refund"]);
    expect(kept?.revision).toBe(1);
  });

  it("is nothing to rely on before it was ever read", async () => {
    failure = new LottyError("database_unavailable", "away");
    await expect(keys()).rejects.toBe(failure);
  });
});
