import { DEFAULT_ENVIRONMENT_ID, type Configuration, MICROS_PER_DAY, type SubjectHistory } from "@lotty/domain";
import { compileSnapshot, decide } from "@lotty/engine";
import {
  attributes,
  histories,
  parseGeneratedRule,
  ruledConfigurations,
  TEST_NOW,
} from "@lotty/testkit/generators/configuration";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decidingPart, presentSnapshot, ruleTextsOf } from "./present-snapshot.ts";
import { readSnapshot, type ReceivedSnapshot } from "./read-snapshot.ts";

/** What comes out at the other end of the wire. */
function sent(configuration: Configuration): ReceivedSnapshot {
  const part = decidingPart(configuration, TEST_NOW);
  const parsed = new Map([...ruleTextsOf(part)].map((text) => [text, parseGeneratedRule(text)]));
  const read = readSnapshot(JSON.parse(JSON.stringify(presentSnapshot(part, parsed))));
  if (!read.ok) throw new Error(JSON.stringify(read.faults));
  return read.request;
}

/** Nobody is decided for an experiment that is over: what ended, ended after its last decision. */
function endedAfterTheirDecisions(configuration: Configuration, history: SubjectHistory): Configuration {
  const last = new Map(history.map(({ experimentId, lastDecidedAt }) => [experimentId, lastDecidedAt]));
  const experiments = configuration.experiments.map((each) => ({
    ...each,
    updatedAt: Math.max(each.updatedAt, last.get(each.id) ?? 0),
  }));
  return { ...configuration, experiments };
}

describe("a snapshot that was sent", () => {
  it("decides as the one that it was made of, for any subject with any history", () => {
    const cases = ruledConfigurations.chain((configuration) =>
      fc.record({
        configuration: fc.constant(configuration),
        history: histories(configuration),
        subjects: fc.array(fc.record({ id: fc.uuid(), attributes }), { minLength: 1, maxLength: 5 }),
      }),
    );
    fc.assert(
      fc.property(cases, ({ configuration, history, subjects }) => {
        const possible = endedAfterTheirDecisions(configuration, history);
        const { configuration: received, parseRule } = sent(possible);
        const there = compileSnapshot(possible, { parseRule: parseGeneratedRule });
        const here = compileSnapshot(received, { parseRule });
        for (const subject of subjects) {
          for (const { key } of configuration.flags) {
            const context = { subject, history, now: TEST_NOW };
            const { reason, value, variant, flagRule } = decide(there, key, context);
            expect(decide(here, key, context)).toMatchObject({ reason, value, variant, flagRule });
          }
        }
      }),
      { numRuns: 200 },
    );
  });

  it("is what it was, but for experiments that no decision rests on", () => {
    fc.assert(
      fc.property(ruledConfigurations, (configuration) => {
        expect(sent(configuration).configuration).toEqual(decidingPart(configuration, TEST_NOW));
      }),
    );
  });

  it("has experiments that have ended for as long as their subjects are in cooldown, and none that has not begun", () => {
    fc.assert(
      fc.property(ruledConfigurations, fc.integer({ min: 0, max: 30 }), (configuration, days) => {
        const now = TEST_NOW;
        const experiments = configuration.experiments.map((each) => ({
          ...each,
          updatedAt: now - days * MICROS_PER_DAY,
        }));
        const kept = decidingPart({ ...configuration, experiments }, now).experiments;
        const expected = experiments.filter(
          ({ status }) => status === "running" || status === "paused" || (status === "completed" && days <= 8),
        );
        expect(kept).toEqual(expected);
      }),
    );
  });
});

describe("readSnapshot", () => {
  const empty = presentSnapshot(
    { environmentId: DEFAULT_ENVIRONMENT_ID, revision: 3, flags: [], experiments: [], domains: [], segments: [] },
    new Map(),
  );

  it("refuses a format that it does not know", () => {
    expect(readSnapshot({ ...empty, format: 1 })).toMatchObject({ ok: false, faults: [{ path: "/format" }] });
  });

  it("lets fields through that it can do without", () => {
    expect(readSnapshot({ ...empty, later: true })).toMatchObject({ ok: true });
  });

  it("never throws, whatever JSON it gets", () => {
    fc.assert(fc.property(fc.jsonValue(), (body) => !readSnapshot(body).ok));
  });
});
