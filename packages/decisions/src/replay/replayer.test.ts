import {
  DEFAULT_ENVIRONMENT_ID,
  erasedSubjectId,
  MICROS_PER_DAY,
  type DecisionRecord,
  type JsonObject,
} from "@lotty/domain";
import { compileSnapshot, type Snapshot } from "@lotty/engine";
import { KeepingDecisionCache } from "@lotty/testkit/fakes/keeping-decision-cache";
import { ManualClock } from "@lotty/testkit/fakes/manual-clock";
import { MemoryDecisionStore } from "@lotty/testkit/fakes/memory-decision-store";
import { memoryRecords } from "@lotty/testkit/fakes/memory-records";
import { RecordingLogger } from "@lotty/testkit/fakes/recording-logger";
import { RecordingMetrics } from "@lotty/testkit/fakes/recording-metrics";
import { SequentialIds } from "@lotty/testkit/fakes/sequential-ids";
import { changeTo, stories, type Happening, type Story } from "@lotty/testkit/generators/changing-world";
import { parseGeneratedRule, TEST_NOW } from "@lotty/testkit/generators/configuration";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { AttributeRecording } from "../attribute-recording.ts";
import { createDecider } from "../create-decider.ts";
import type { Decider } from "../decider.ts";
import { createReplayer, type Replayer } from "./create-replayer.ts";
import type { Replay } from "./replay.ts";

const environmentId = DEFAULT_ENVIRONMENT_ID;

/** The flow as it is, on a store in memory. */
class World {
  readonly clock = new ManualClock(TEST_NOW);
  readonly store = new MemoryDecisionStore(() => this.clock.now());
  readonly attributesOf = new Map<string, JsonObject>();
  readonly #attributes: readonly JsonObject[];
  readonly #decider: Decider;
  #snapshot: Snapshot | undefined;

  constructor(attributes: readonly JsonObject[], recording: AttributeRecording) {
    this.#attributes = attributes;
    this.#decider = createDecider({
      snapshots: { current: () => this.#current(), refresh: () => Promise.resolve(this.#current()) },
      history: this.store.history,
      historyCache: null,
      historyCacheTtlSeconds: 0,
      cache: new KeepingDecisionCache(),
      cacheTtlSeconds: 60,
      recorder: this.store,
      queue: null,
      writeMode: "sync",
      attributes: recording,
      clock: this.clock,
      ids: new SequentialIds(),
      metrics: new RecordingMetrics(),
      logger: new RecordingLogger(),
    });
  }

  async live(happenings: readonly Happening[]): Promise<void> {
    for (const happening of happenings) await this.#happen(happening);
  }

  /** @param cacheTtlSeconds by default for ever, as the cache of this world keeps outcomes */
  replayer(cacheTtlSeconds: number = 1e8): Replayer {
    return createReplayer({ ...memoryRecords(this.store), parseRule: parseGeneratedRule, cacheTtlSeconds });
  }

  #current(): Snapshot {
    if (this.#snapshot === undefined) throw new Error("Nothing was configured.");
    return this.#snapshot;
  }

  async #happen(happening: Happening): Promise<void> {
    if (happening.kind === "wait") return this.clock.advance(happening.micros);
    if (happening.kind === "change") {
      await changeTo(this.store, happening.to, this.clock.now());
      const configuration = await this.store.load(environmentId);
      this.#snapshot = compileSnapshot(configuration, { parseRule: parseGeneratedRule });
      return;
    }
    await Promise.all(
      happening.calls.map(async ({ attributes: place, flags, subject }) => {
        const attributes = this.#attributes[place] ?? {};
        const keys = flags.map((flag) => `flag-${flag}`);
        const answers = await this.#decider.decideForFlags(keys, { subject: { id: `subject-${subject}`, attributes } });
        for (const { decisionId } of answers) this.attributesOf.set(decisionId, attributes);
      }),
    );
  }
}

async function lived(story: Story, recording: AttributeRecording = "digest"): Promise<World> {
  const world = new World(story.attributes, recording);
  await world.live(story.happenings);
  return world;
}

/** Something to be wrong about each part of a record, and where that has to be found. */
const ALTERATIONS: readonly ((
  decision: DecisionRecord,
) => { readonly altered: DecisionRecord; readonly gate: string } | null)[] = [
  (decision) => ({ altered: { ...decision, value: `${decision.value}!` }, gate: "value" }),
  (decision) => ({ altered: { ...decision, flagVersion: 1_000_000 }, gate: "flag" }),
  (decision) => ({
    altered: { ...decision, experimentId: "00000000-0000-4000-8000-000000000000" },
    gate: "experiment",
  }),
  (decision) => ({ altered: { ...decision, ruleId: "00000000-0000-4000-8000-000000000000" }, gate: "flag_rules" }),
  (decision) =>
    decision.reason === "experiment_assigned"
      ? { altered: { ...decision, variantId: "00000000-0000-4000-8000-000000000000" }, gate: "variant" }
      : null,
  (decision) =>
    decision.reason === "outside_traffic_allocation"
      ? { altered: { ...decision, reason: "experiment_assigned" }, gate: "allocation" }
      : null,
  (decision) =>
    decision.reason === "targeting_mismatch"
      ? { altered: { ...decision, reason: "experiment_assigned" }, gate: "targeting" }
      : null,
];

describe("a replay", () => {
  it("comes out identical for every decision of the real flow, whatever changed in between", async () => {
    let replayed = 0;
    await fc.assert(
      fc.asyncProperty(stories, async (story) => {
        const world = await lived(story);
        const replayer = world.replayer();
        for (const decision of world.store.decisions) {
          const replay = await replayer.replay(decision, world.attributesOf.get(decision.decisionId) ?? null);
          expect({ decision, replay }).toMatchObject({ replay: { status: "identical" } });
          replayed += 1;
        }
      }),
      { numRuns: 150 },
    );
    expect(replayed).toBeGreaterThan(5_000);
  });

  it("never finds a difference for want of the attributes, and still checks what does not rest on them", async () => {
    const statuses = new Map<string, number>();
    await fc.assert(
      fc.asyncProperty(stories, async (story) => {
        const world = await lived(story);
        const replayer = world.replayer();
        for (const decision of world.store.decisions) {
          const replay = await replayer.replay(decision, null);
          expect({ decision, replay }).not.toMatchObject({ replay: { status: "differs" } });
          statuses.set(replay.status, (statuses.get(replay.status) ?? 0) + 1);
        }
      }),
      { numRuns: 60 },
    );
    expect([...statuses.keys()].toSorted()).toStrictEqual(["identical", "not_checkable"]);
  });

  it("checks every gate of every decision by itself where the attributes are on record", async () => {
    let replayed = 0;
    await fc.assert(
      fc.asyncProperty(stories, async (story) => {
        const world = await lived(story, "full");
        const replayer = world.replayer();
        for (const decision of world.store.decisions) {
          const replay = await replayer.replay(decision, null);
          expect({ decision, replay }).toMatchObject({ replay: { status: "identical" } });
          replayed += 1;
        }
      }),
      { numRuns: 60 },
    );
    expect(replayed).toBeGreaterThan(2_000);
  });

  it("never finds a difference where not even digests are on record, with the attributes or without", async () => {
    const statuses = new Set<string>();
    await fc.assert(
      fc.asyncProperty(stories, async (story) => {
        const world = await lived(story, "none");
        const replayer = world.replayer();
        for (const decision of world.store.decisions) {
          for (const attributes of [null, world.attributesOf.get(decision.decisionId) ?? null]) {
            const replay = await replayer.replay(decision, attributes);
            expect({ decision, replay }).not.toMatchObject({ replay: { status: "differs" } });
            statuses.add(replay.status);
          }
        }
      }),
      { numRuns: 40 },
    );
    expect([...statuses].toSorted()).toStrictEqual(["identical", "not_checkable"]);
  });

  it("finds whatever is altered in a record, at the right gate", async () => {
    const found = new Map<string, number>();
    await fc.assert(
      fc.asyncProperty(stories, async (story) => {
        const world = await lived(story);
        const replayer = world.replayer(0);
        for (const decision of world.store.decisions) {
          const attributes = world.attributesOf.get(decision.decisionId) ?? null;
          if ((await replayer.replay(decision, attributes)).status !== "identical") continue;
          for (const alter of ALTERATIONS) {
            const expected = alter(decision);
            if (expected === null) continue;
            const replay = await replayer.replay(expected.altered, attributes);
            // On another history of calls that overlap, a sticky experiment may have assigned the subject all the same.
            const isSticky = replay.status === "differs" && replay.gate === "variant" && decision.variantId === null;
            const gate = isSticky ? "variant" : expected.gate;
            expect({ decision, replay }).toMatchObject({ replay: { status: "differs", gate } });
            found.set(expected.gate, (found.get(expected.gate) ?? 0) + 1);
          }
        }
      }),
      { numRuns: 30 },
    );
    expect(found.size).toBe(ALTERATIONS.length);
  });

  it("finds an altered variant even without the attributes", async () => {
    let altered = 0;
    await fc.assert(
      fc.asyncProperty(stories, async (story) => {
        const world = await lived(story);
        const replayer = world.replayer(0);
        for (const decision of world.store.decisions) {
          if (decision.reason !== "experiment_assigned") continue;
          if ((await replayer.replay(decision, null)).status === "differs") continue;
          const replay = await replayer.replay(
            { ...decision, variantId: "00000000-0000-4000-8000-000000000000" },
            null,
          );
          expect({ decision, replay }).toMatchObject({ replay: { status: "differs", gate: "variant" } });
          altered += 1;
        }
      }),
      { numRuns: 30 },
    );
    expect(altered).toBeGreaterThan(10);
  });

  describe("of a single decision", () => {
    async function decided(): Promise<{
      readonly world: World;
      readonly decision: DecisionRecord;
      readonly attributes: JsonObject;
    }> {
      const found = fc.sample(stories, { seed: 1, numRuns: 30 });
      for (const story of found) {
        const world = await lived(story);
        for (const decision of world.store.decisions) {
          const attributes = world.attributesOf.get(decision.decisionId) ?? {};
          const replay = await world.replayer().replay(decision, null);
          if (replay.status === "not_checkable") return { world, decision, attributes };
        }
      }
      throw new Error("No decision rests on attributes.");
    }

    it("refuses attributes that are not those of the decision", async () => {
      const { decision, world } = await decided();
      const replay: Promise<Replay> = world.replayer().replay(decision, { country: "elsewhere", else: true });
      await expect(replay).rejects.toMatchObject({ code: "invalid_request" });
    });

    it("uses no attributes from the record that are not those of the digest", async () => {
      const { attributes, decision, world } = await decided();
      const others = { of: () => Promise.resolve({ ...attributes, else: true }) };
      const ports = { ...memoryRecords(world.store), parseRule: parseGeneratedRule, cacheTtlSeconds: 0 };
      const replayer = createReplayer({ ...ports, recordedAttributes: others });
      expect(await replayer.replay(decision, null)).toMatchObject({ status: "not_checkable", missing: "attributes" });
    });

    it("says what is missing: attributes, the configuration of the time, or the subject", async () => {
      const { attributes, decision, world } = await decided();
      expect(await world.replayer().replay(decision, null)).toMatchObject({ missing: "attributes" });
      const long = { ...decision, decidedAt: decision.decidedAt + 1_000 * MICROS_PER_DAY };
      const ports = memoryRecords(world.store);
      const lost = { ...ports.configurationHistory, at: () => Promise.resolve(null) };
      const replayer = createReplayer({
        ...ports,
        configurationHistory: lost,
        parseRule: parseGeneratedRule,
        cacheTtlSeconds: 0,
      });
      expect(await replayer.replay(long, attributes)).toMatchObject({
        status: "not_checkable",
        missing: "configuration",
      });
      const erased = {
        ...decision,
        subjectId: erasedSubjectId("00000000-0000-4000-8000-000000000000"),
        attributesDigest: null,
      };
      expect(await world.replayer().replay(erased, null)).toMatchObject({
        status: "not_checkable",
        missing: "subject",
      });
    });
  });
});
