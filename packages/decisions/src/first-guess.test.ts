import type { Configuration } from "@lotty/domain";
import { compileSnapshot } from "@lotty/engine";
import { ManualClock } from "@lotty/testkit/fakes/manual-clock";
import { MemoryDecisionStore } from "@lotty/testkit/fakes/memory-decision-store";
import { RecordingLogger } from "@lotty/testkit/fakes/recording-logger";
import { RecordingMetrics } from "@lotty/testkit/fakes/recording-metrics";
import { SequentialIds } from "@lotty/testkit/fakes/sequential-ids";
import {
  attributes as someAttributes,
  configurations,
  parseGeneratedRule,
  TEST_NOW,
} from "@lotty/testkit/generators/configuration";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createDecider } from "./create-decider.ts";
import type { AnsweredDecision, Decider } from "./decider.ts";
import { FirstGuess } from "./first-guess.ts";

describe("guessing that a subject is new", () => {
  test("pays until a quarter of the last guesses was wrong, and is probed from then on", () => {
    const guess = new FirstGuess();
    let wrong = 0;
    for (; guess.pays; wrong += 1) guess.tested(false);
    expect(wrong).toBeGreaterThan(10);
    expect(wrong).toBeLessThan(30);
    const chances = Array.from({ length: 320 }, () => guess.pays);
    expect(chances.filter(Boolean)).toHaveLength(10);
    for (let right = 0; right < 64; right += 1) guess.tested(true);
    expect(guess.pays).toBe(true);
  });

  test("gives every decision and every assignment that looking up gives, whoever else writes", async () => {
    const cases = configurations.chain((configuration) =>
      fc.record({
        configuration: fc.constant(configuration),
        calls: fc.array(
          fc.record({
            keys: fc.shuffledSubarray(
              configuration.flags.map(({ key }) => key),
              { minLength: 1 },
            ),
            subjectId: fc.constantFrom("a", "b", "c"),
            attributes: someAttributes,
            elsewhere: fc.boolean(),
          }),
          { maxLength: 12 },
        ),
      }),
    );
    await fc.assert(
      fc.asyncProperty(cases, async ({ calls, configuration }) => {
        const looking = new House(configuration, false);
        const guessing = new House(configuration, true);
        for (const { attributes, elsewhere, keys, subjectId } of calls) {
          const subject = { id: subjectId, attributes };
          const answers = await Promise.all(
            [looking, guessing].map((house) => house.decider(elsewhere).decideForFlags(keys, { subject })),
          );
          expect(answers[1]?.map(visible)).toStrictEqual(answers[0]?.map(visible));
        }
        expect(await guessing.assignments()).toStrictEqual(await looking.assignments());
        expect(guessing.reads).toBeLessThanOrEqual(looking.reads);
      }),
    );
  });

  test("saves the look-up of a subject that takes part in its first experiment", async () => {
    const [configuration] = fc.sample(
      configurations.filter(({ experiments }) => experiments.some(({ status }) => status === "running")),
      { numRuns: 1, seed: 1 },
    );
    if (configuration === undefined) throw new Error("No configuration was made.");
    const house = new House(configuration, true);
    const decider = house.decider(false);
    const keys = configuration.flags.map(({ key }) => key);
    for (let subject = 0; subject < 200; subject += 1) {
      for (const key of keys)
        await decider.decideForFlag(key, { subject: { id: `subject-${subject}`, attributes: {} } });
    }
    const assigned = house.store.decisions.filter(({ reason }) => reason === "experiment_assigned");
    expect(assigned.length).toBeGreaterThan(0);
    expect(house.guessedRight).toBeGreaterThan(0);
  });
});

/** Two processes on one store. */
class House {
  readonly store = new MemoryDecisionStore();
  reads = 0;
  /** First assignments that were written for subjects that nobody had looked up. */
  guessedRight = 0;
  readonly #ids = new SequentialIds();
  readonly #here: Decider;
  readonly #elsewhere: Decider;

  constructor(configuration: Configuration, guesses: boolean) {
    this.#here = this.#open(configuration, guesses);
    this.#elsewhere = this.#open(configuration, guesses);
  }

  decider(elsewhere: boolean): Decider {
    return elsewhere ? this.#elsewhere : this.#here;
  }

  assignments(): Promise<readonly unknown[]> {
    const [environmentId = ""] = this.store.decisions.map((decision) => decision.environmentId);
    return Promise.all(["a", "b", "c"].map((subject) => this.store.history.load(environmentId, subject)));
  }

  #open(configuration: Configuration, guessesHistories: boolean): Decider {
    const snapshot = compileSnapshot(configuration, { parseRule: parseGeneratedRule });
    const looked = new Set<string>();
    return createDecider({
      snapshots: { current: () => snapshot, refresh: async () => snapshot },
      history: {
        load: (environmentId, subjectId) => {
          this.reads += 1;
          looked.add(subjectId);
          return this.store.history.load(environmentId, subjectId);
        },
      },
      historyCache: null,
      historyCacheTtlSeconds: 0,
      cache: null,
      cacheTtlSeconds: 0,
      recorder: {
        record: async (request) => {
          const outcome = await this.store.record(request);
          const assigns = request.decisions.some(({ reason }) => reason === "experiment_assigned");
          if (outcome.status === "committed" && assigns && !looked.has(request.subjectId)) this.guessedRight += 1;
          return outcome;
        },
      },
      queue: null,
      writeMode: "sync",
      guessesHistories,
      clock: new ManualClock(TEST_NOW),
      ids: this.#ids,
      metrics: new RecordingMetrics(),
      logger: new RecordingLogger(),
    });
  }
}

/** What a caller sees of a decision, but for its id. */
function visible(answer: AnsweredDecision): object {
  return { ...answer, decisionId: undefined };
}
