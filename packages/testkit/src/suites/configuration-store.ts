import { randomUUID } from "node:crypto";
import {
  DEFAULT_ENVIRONMENT_ID,
  isLottyError,
  type Configuration,
  type ConfigurationChange,
  type ConflictDomain,
  type Experiment,
  type Flag,
  type JsonValue,
  type Segment,
} from "@lotty/domain";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  sampleExperiment,
  sampleFlag,
  sampleSegment,
  STORE_NOW,
  TREACHEROUS_TEXTS,
  type OpenedDecisionStore,
} from "./decision-store-fixture.ts";

/** A store of configurations to be tested. Nothing is stored in it yet. */
export type OpenedConfigurationStore = Pick<OpenedDecisionStore, "configuration" | "otherEnvironmentId" | "close">;

/** Registers the tests that every configuration source and writer passes. One store serves all of them. */
export function describeConfigurationStore(name: string, open: () => Promise<OpenedConfigurationStore>): void {
  describe(`configuration store ${name}`, () => {
    const environmentId = DEFAULT_ENVIRONMENT_ID;
    let opened: OpenedConfigurationStore;
    let atFirst: Configuration;
    let revisionAtFirst: number;
    beforeAll(async () => {
      opened = await open();
      atFirst = await opened.configuration.load(environmentId);
      revisionAtFirst = await opened.configuration.revision(environmentId);
    });
    afterAll(() => opened.close());

    async function apply(change: ConfigurationChange): Promise<Configuration> {
      const revision = await opened.configuration.revision(environmentId);
      await opened.configuration.apply(environmentId, change, revision);
      return opened.configuration.load(environmentId);
    }

    it("is empty and at revision 0 before anything is stored", async () => {
      const nothing = { revision: 0, flags: [], experiments: [], domains: [], segments: [] };
      expect(atFirst).toStrictEqual({ environmentId, ...nothing });
      expect(revisionAtFirst).toBe(0);
      const unheardOf = randomUUID();
      expect(await opened.configuration.load(unheardOf)).toStrictEqual({ environmentId: unheardOf, ...nothing });
      expect(await opened.configuration.revision(unheardOf)).toBe(0);
    });

    it("raises the revision by one with each change, an empty one included", async () => {
      const before = await opened.configuration.revision(environmentId);
      expect(await opened.configuration.apply(environmentId, {}, before)).toBe(before + 1);
      expect(await opened.configuration.revision(environmentId)).toBe(before + 1);
      expect((await opened.configuration.load(environmentId)).revision).toBe(before + 1);
    });

    it("gives flags back as they were put", async () => {
      await fc.assert(
        fc.asyncProperty(flagFields, async (fields) => {
          const flag = sampleFlag(fields);
          expect(flagIn(await apply({ putFlags: [flag] }), flag.id)).toStrictEqual(flag);
        }),
        { numRuns: 30 },
      );
    });

    it("gives experiments with their variants, in stored order, back as they were put", async () => {
      const flag = sampleFlag();
      await apply({ putFlags: [flag] });
      await fc.assert(
        fc.asyncProperty(experimentFields, async (fields) => {
          const experiment = sampleExperiment(flag.id, fields);
          const loaded = await apply({ putExperiments: [experiment] });
          expect(experimentIn(loaded, experiment.id)).toStrictEqual(experiment);
        }),
        { numRuns: 30 },
      );
    });

    it("gives domains with their members back", async () => {
      const flag = sampleFlag();
      const experiments = [1, 2, 3].map(() => sampleExperiment(flag.id));
      const members = experiments.map(({ id }, index) => ({ experimentId: id, priority: 1 - index }));
      const domain: ConflictDomain = { id: randomUUID(), key: randomUUID(), members };
      const empty: ConflictDomain = { id: randomUUID(), key: randomUUID(), members: [] };
      const loaded = await apply({ putFlags: [flag], putExperiments: experiments, putDomains: [domain, empty] });
      const stored = domainIn(loaded, domain.id);
      expect(stored).toMatchObject({ id: domain.id, key: domain.key });
      expect(stored?.members).toHaveLength(members.length);
      expect(stored?.members).toEqual(expect.arrayContaining(members));
      expect(domainIn(loaded, empty.id)).toStrictEqual(empty);
    });

    it("gives segments back as they were put", async () => {
      await fc.assert(
        fc.asyncProperty(segmentFields, async (fields) => {
          const segment = sampleSegment(fields);
          expect(segmentIn(await apply({ putSegments: [segment] }), segment.id)).toStrictEqual(segment);
        }),
        { numRuns: 20 },
      );
    });

    it("replaces, renames and removes segments within one change", async () => {
      const [one, two, three] = [sampleSegment(), sampleSegment(), sampleSegment()];
      await apply({ putSegments: [one, two, three] });
      const renamed = [
        { ...one, key: two.key, version: 2 },
        { ...two, key: three.key, rule: 'a == "\u0000"' },
      ];
      const loaded = await apply({ putSegments: renamed, removeSegmentIds: [three.id, randomUUID()] });
      for (const segment of renamed) expect(segmentIn(loaded, segment.id)).toStrictEqual(segment);
      expect(segmentIn(loaded, three.id)).toBeUndefined();
    });

    it("keeps texts that differ only in case, spaces, quotes or normal form apart", async () => {
      const flags = TREACHEROUS_TEXTS.map((text) => sampleFlag({ key: `${text}-${randomUUID()}`, defaultValue: text }));
      const loaded = await apply({ putFlags: flags });
      for (const flag of flags) expect(flagIn(loaded, flag.id)).toStrictEqual(flag);
    });

    it("replaces records as given, also by an older version", async () => {
      const flag = sampleFlag({ version: 7 });
      const experiment = sampleExperiment(flag.id, { version: 7 });
      const domain: ConflictDomain = {
        id: randomUUID(),
        key: randomUUID(),
        members: [{ experimentId: experiment.id, priority: 1 }],
      };
      await apply({ putFlags: [flag], putExperiments: [experiment], putDomains: [domain] });
      const older = { version: 2, updatedAt: STORE_NOW - 1, key: randomUUID() };
      const newFlag: Flag = {
        ...flag,
        ...older,
        valueType: "json",
        defaultValue: [null],
        enabled: false,
        rules: [{ id: randomUUID(), targetingRules: null, value: 1, rollout: 10_000 }],
      };
      const newExperiment: Experiment = {
        ...experiment,
        ...older,
        status: "paused",
        rolledBack: true,
        targetingRules: "a == 1",
        trafficAllocation: 0,
        stickyAssignment: true,
        // The same names and ids in another order, one gone and one new: every way to collide with the old ones.
        variants: [
          ...experiment.variants.toReversed().slice(0, 1),
          { id: randomUUID(), name: "treatment", value: 1, weight: 0, isControl: false },
        ],
      };
      const newDomain: ConflictDomain = {
        ...domain,
        key: randomUUID(),
        members: [{ experimentId: experiment.id, priority: 9 }],
      };
      const loaded = await apply({ putFlags: [newFlag], putExperiments: [newExperiment], putDomains: [newDomain] });
      expect(flagIn(loaded, flag.id)).toStrictEqual(newFlag);
      expect(experimentIn(loaded, experiment.id)).toStrictEqual(newExperiment);
      expect(domainIn(loaded, domain.id)).toStrictEqual(newDomain);
    });

    it("leaves what a change does not name as it was", async () => {
      const flag = sampleFlag();
      const experiment = sampleExperiment(flag.id);
      const before = await apply({ putFlags: [flag], putExperiments: [experiment] });
      const other = sampleFlag();
      const after = await apply({ putFlags: [other] });
      expect(after.flags).toHaveLength(before.flags.length + 1);
      expect(after.flags).toEqual(expect.arrayContaining([...before.flags]));
      expect(after.experiments).toEqual(before.experiments);
      expect(before.flags.some(({ id }) => id === other.id)).toBe(false);
    });

    it("removes records", async () => {
      const flag = sampleFlag();
      const experiment = sampleExperiment(flag.id);
      const domain: ConflictDomain = {
        id: randomUUID(),
        key: randomUUID(),
        members: [{ experimentId: experiment.id, priority: 0 }],
      };
      await apply({ putFlags: [flag], putExperiments: [experiment], putDomains: [domain] });
      const loaded = await apply({
        removeFlagIds: [flag.id],
        removeExperimentIds: [experiment.id],
        removeDomainIds: [domain.id, randomUUID()],
      });
      expect(flagIn(loaded, flag.id)).toBeUndefined();
      expect(experimentIn(loaded, experiment.id)).toBeUndefined();
      expect(domainIn(loaded, domain.id)).toBeUndefined();
    });

    it("hands names and the active place of a flag over within one change", async () => {
      const [one, two, three] = [sampleFlag(), sampleFlag(), sampleFlag()];
      const running = sampleExperiment(one.id, { status: "running" });
      const next = sampleExperiment(one.id, { status: "approved" });
      await apply({ putFlags: [one, two, three], putExperiments: [running, next] });
      const swapped = [
        { ...one, key: two.key },
        { ...two, key: one.key },
      ];
      const heir = sampleFlag({ key: three.key });
      const started: Experiment = { ...next, status: "running", key: running.key };
      const ended: Experiment = { ...running, status: "completed", key: next.key };
      const loaded = await apply({
        putFlags: [...swapped, heir],
        removeFlagIds: [three.id],
        putExperiments: [started, ended],
      });
      for (const flag of [...swapped, heir]) expect(flagIn(loaded, flag.id)).toStrictEqual(flag);
      expect(experimentIn(loaded, started.id)).toStrictEqual(started);
      expect(experimentIn(loaded, ended.id)).toStrictEqual(ended);
    });

    it("refuses a change that was made from another revision and leaves everything as it was", async () => {
      const before = await opened.configuration.load(environmentId);
      for (const expected of [before.revision - 1, before.revision + 1]) {
        const refused = opened.configuration.apply(environmentId, { putFlags: [sampleFlag()] }, expected);
        await expect(refused).rejects.toMatchObject({ code: "revision_conflict" });
      }
      expect(await opened.configuration.load(environmentId)).toStrictEqual(before);
    });

    it("lets exactly one of several changes from one revision pass", async () => {
      const revision = await opened.configuration.revision(environmentId);
      const flags = Array.from({ length: 8 }, () => sampleFlag());
      const outcomes = await Promise.allSettled(
        flags.map((flag) => opened.configuration.apply(environmentId, { putFlags: [flag] }, revision)),
      );
      const refused = outcomes.filter((outcome) => outcome.status === "rejected");
      expect(refused.every(({ reason }) => isLottyError(reason, "revision_conflict"))).toBe(true);
      expect(refused).toHaveLength(flags.length - 1);
      const loaded = await opened.configuration.load(environmentId);
      expect(loaded.revision).toBe(revision + 1);
      expect(flags.filter(({ id }) => flagIn(loaded, id) !== undefined)).toHaveLength(1);
    });

    it("takes a thousand flags and experiments in one change", async () => {
      const flags = Array.from({ length: 1_000 }, () => sampleFlag());
      const experiments = flags.map(({ id }) => sampleExperiment(id, { status: "running" }));
      const loaded = await apply({ putFlags: flags, putExperiments: experiments });
      const stored = new Map(loaded.experiments.map((experiment) => [experiment.id, experiment]));
      for (const experiment of experiments) expect(stored.get(experiment.id)).toStrictEqual(experiment);
    });

    it("keeps what belongs to an environment apart", async () => {
      const other = opened.otherEnvironmentId;
      const [flag, segment] = [sampleFlag(), sampleSegment()];
      const experiment = sampleExperiment(flag.id);
      const before = await apply({ putFlags: [flag], putExperiments: [experiment], putSegments: [segment] });
      const revision = await opened.configuration.revision(other);
      const there = { putFlags: [{ ...flag, enabled: false, version: 2 }], removeSegmentIds: [segment.id] };
      expect(await opened.configuration.apply(other, there, revision)).toBe(revision + 1);
      expect(await opened.configuration.load(environmentId)).toStrictEqual(before);
      const loaded = await opened.configuration.load(other);
      expect(loaded.flags).toContainEqual(there.putFlags[0]);
      expect(loaded.experiments).toStrictEqual([]);
    });
  });
}

function flagIn(configuration: Configuration, id: string): Flag | undefined {
  return configuration.flags.find((flag) => flag.id === id);
}

function experimentIn(configuration: Configuration, id: string): Experiment | undefined {
  return configuration.experiments.find((experiment) => experiment.id === id);
}

function segmentIn(configuration: Configuration, id: string): Segment | undefined {
  return configuration.segments.find((segment) => segment.id === id);
}

function domainIn(configuration: Configuration, id: string): ConflictDomain | undefined {
  return configuration.domains.find((domain) => domain.id === id);
}

/** Any JSON, any text in it included, but -0, which JSON cannot tell from 0. */
const jsonValue: fc.Arbitrary<JsonValue> = fc
  .jsonValue({ stringUnit: "binary" })
  .map((value) => JSON.parse(JSON.stringify(value)) as JsonValue);

/** Microseconds between 1970 and 2255. */
const instant = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER });

const version = fc.integer({ min: 1, max: 2_147_483_647 });

const ruleText = fc.constantFrom("", 'a == "x\\"y" # ? $1 :name', 'IN SEGMENT "\u{1f600}\u0000"');

const flagFields: fc.Arbitrary<Partial<Flag>> = fc.record({
  valueType: fc.constantFrom("boolean", "string", "number", "json"),
  defaultValue: jsonValue,
  enabled: fc.boolean(),
  rules: fc.array(
    fc.record(
      {
        id: fc.uuid(),
        targetingRules: fc.option(ruleText),
        value: jsonValue,
        rollout: fc.integer({ min: 0, max: 10_000 }),
      },
      { noNullPrototype: true },
    ),
    { maxLength: 4 },
  ),
  version,
  updatedAt: instant,
});

const segmentFields: fc.Arbitrary<Partial<Segment>> = fc.record({ rule: ruleText, version, updatedAt: instant });

const experimentFields: fc.Arbitrary<Partial<Experiment>> = fc.record({
  status: fc.constantFrom("draft", "in_review", "approved", "completed", "archived", "rejected"),
  version,
  updatedAt: instant,
  targetingRules: fc.constantFrom(null, "", 'a == "x\\"y" # ? $1 :name'),
  trafficAllocation: fc.integer({ min: 0, max: 10_000 }),
  stickyAssignment: fc.boolean(),
  variants: fc
    .uniqueArray(
      fc.record({
        name: fc.constantFrom(...TREACHEROUS_TEXTS),
        value: jsonValue,
        weight: fc.constantFrom(0, 1, 3_333, 10_000, 9_999_999_999_999),
        isControl: fc.boolean(),
      }),
      { maxLength: 6, selector: ({ name }) => name },
    )
    // No generated ids: shrinking would repeat them.
    .map((variants) => variants.map((variant) => ({ id: randomUUID(), ...variant }))),
});
