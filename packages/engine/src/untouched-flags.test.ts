import type { Configuration } from "@lotty/domain";
import {
  attributes as someAttributes,
  histories,
  parseGeneratedRule,
  ruledConfigurations,
  TEST_NOW,
} from "@lotty/testkit/generators/configuration";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decide } from "./decide.ts";
import { compileSnapshot, type Snapshot } from "./snapshot.ts";
import { untouchedFlags } from "./untouched-flags.ts";

function compile(configuration: Configuration, previous?: Snapshot): Snapshot {
  const options = { parseRule: parseGeneratedRule };
  return compileSnapshot(configuration, previous === undefined ? options : { ...options, previous });
}

/** Some records of one configuration, in the very same objects, and what another has for the rest. */
function mixed(one: Configuration, other: Configuration, takes: readonly boolean[]): Configuration {
  let place = 0;
  const pick = <Item extends { readonly id: string }>(
    ours: readonly Item[],
    theirs: readonly Item[],
  ): readonly Item[] => {
    const byId = new Map(theirs.map((item) => [item.id, item]));
    const kept = ours.flatMap((item) => {
      place += 1;
      const replaced = byId.get(item.id);
      if (takes[place % takes.length] === true) return [item];
      return replaced === undefined ? [] : [replaced];
    });
    const known = new Set(ours.map(({ id }) => id));
    return [...kept, ...theirs.filter(({ id }) => !known.has(id))];
  };
  return {
    ...one,
    revision: one.revision + 1,
    flags: pick(one.flags, other.flags),
    experiments: pick(one.experiments, other.experiments),
    domains: takes[0] === true ? one.domains : other.domains,
    segments: takes[1] === true ? one.segments : other.segments,
  };
}

const worlds = fc
  .record({
    one: ruledConfigurations,
    other: ruledConfigurations,
    // Most stays: that is what is taken over.
    takes: fc.array(fc.constantFrom(true, true, true, false), { minLength: 7, maxLength: 11 }),
  })
  .chain(({ one, other, takes }) => {
    const two = mixed(one, other, takes);
    return fc.record({
      one: fc.constant(one),
      two: fc.constant(two),
      three: fc.constant(mixed(two, one, takes.toReversed())),
      history: histories(two),
      attributes: someAttributes,
      subjectIds: fc.array(fc.string({ unit: "grapheme", maxLength: 20 }), { minLength: 1, maxLength: 5 }),
    });
  });

describe("a snapshot made from an earlier one", () => {
  test("decides as one that was made from nothing, whatever has changed", () => {
    let taken = 0;
    fc.assert(
      fc.property(worlds, ({ attributes, history, one, subjectIds, three, two }) => {
        const first = compile(one);
        const second = compile(two, first);
        const third = compile(three, second);
        taken += untouchedFlags(two, first).size;
        for (const [configuration, snapshot] of [
          [two, second],
          [three, third],
        ] as const) {
          const afresh = compile(configuration);
          for (const { key } of configuration.flags) {
            for (const id of subjectIds) {
              const context = { subject: { id, attributes }, history, now: TEST_NOW };
              expect(decide(snapshot, key, context)).toEqual(decide(afresh, key, context));
            }
          }
        }
      }),
      { numRuns: 300 },
    );
    expect(taken).toBeGreaterThan(100);
  });

  test("has the very same flags and experiments where nothing of them has changed", () => {
    const [one] = fc.sample(ruledConfigurations, { numRuns: 1, seed: 7 });
    if (one === undefined) throw new Error("There is no configuration.");
    const plain = { ...one, domains: [] };
    const first = compile(plain);
    const [changed, ...others] = plain.flags;
    if (changed === undefined) throw new Error("There is no flag.");
    const second = compile({ ...plain, revision: 2, flags: [{ ...changed, version: 2 }, ...others] }, first);
    expect(second.flags.get(changed.key)).not.toBe(first.flags.get(changed.key));
    for (const { id, key } of others) {
      if (plain.experiments.some(({ flagId, status }) => flagId === id && status === "paused")) continue;
      expect(second.flags.get(key)).toBe(first.flags.get(key));
    }
    for (const { flagId, id } of plain.experiments) {
      const same = second.experiments.get(id) === first.experiments.get(id);
      expect([id, same]).toEqual([id, flagId !== changed.id]);
    }
  });
});
