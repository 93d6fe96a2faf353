import { randomUUID } from "node:crypto";
import {
  DEFAULT_ENVIRONMENT_ID,
  DEFAULT_ENVIRONMENT_KEY,
  isLottyError,
  type Configuration,
  type ConfigurationChange,
  type ConfigurationHistory,
  type ConfigurationSource,
  type ConfigurationWriter,
  type ControlChange,
  type ControlPlaneStore,
  type DecisionSink,
  type Environment,
  type EnvironmentStore,
  type Flag,
} from "@lotty/domain";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sampleFlagDetails, sampleLink } from "./control-plane-store.ts";
import { sampleDecision, sampleExperiment, sampleFlag, sampleSegment, STORE_NOW } from "./decision-store-fixture.ts";

/** A database with nothing but the environment that exists from the start. */
export interface OpenedEnvironments {
  readonly environments: EnvironmentStore;
  readonly store: ControlPlaneStore;
  readonly configuration: ConfigurationSource & ConfigurationWriter;
  readonly configurationHistory: Pick<ConfigurationHistory, "at">;
  readonly sink: DecisionSink;
  close(): Promise<void>;
}

/** An environment of its own. */
export function sampleEnvironment(fields: Partial<Environment> = {}): Environment {
  const id = randomUUID();
  return { id, key: `e-${id}`, createdAt: STORE_NOW, archivedAt: null, ...fields };
}

/** Registers the tests that every store of environments passes, and the laws of flags in several of them. */
export function describeEnvironments(name: string, open: () => Promise<OpenedEnvironments>): void {
  describe(`environments ${name}`, () => {
    let opened: OpenedEnvironments;
    let environments: EnvironmentStore;
    const here = DEFAULT_ENVIRONMENT_ID;
    beforeAll(async () => {
      opened = await open();
      environments = opened.environments;
    });
    afterAll(() => opened.close());

    async function added(fields: Partial<Environment> = {}): Promise<Environment> {
      const environment = sampleEnvironment(fields);
      expect(await environments.addEnvironment(environment, sampleLink("environment.create"))).toBe(true);
      return environment;
    }

    async function apply(environmentId: string, change: ConfigurationChange): Promise<number> {
      const revision = await opened.configuration.revision(environmentId);
      return opened.configuration.apply(environmentId, change, revision);
    }

    async function commit(environmentId: string, change: Omit<ControlChange, "audit">): Promise<number> {
      const { revision } = await opened.store.load(environmentId);
      return opened.store.commit(environmentId, { ...change, audit: sampleLink("test") }, revision);
    }

    async function flagIn(environmentId: string, id: string): Promise<Flag | undefined> {
      return (await opened.configuration.load(environmentId)).flags.find((flag) => flag.id === id);
    }

    async function refusalOf(work: Promise<unknown>): Promise<string | undefined> {
      const error: unknown = await work.then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
      return isLottyError(error) ? error.code : undefined;
    }

    it("has one from the start", async () => {
      expect(await environments.environments()).toMatchObject([
        { id: here, key: DEFAULT_ENVIRONMENT_KEY, archivedAt: null },
      ]);
    });

    it("adds, archives and removes environments, each with an entry on record", async () => {
      const before = await opened.store.auditHead();
      const environment = await added();
      expect(await environments.environments()).toContainEqual(environment);
      const archived = { ...environment, archivedAt: STORE_NOW + 1 };
      expect(await environments.putEnvironment(archived, sampleLink("environment.archive"))).toBe(true);
      expect(await environments.environments()).toContainEqual(archived);
      const flag = sampleFlag();
      const experiment = sampleExperiment(flag.id);
      const domain = { id: randomUUID(), key: "d", members: [{ experimentId: experiment.id, priority: 1 }] };
      const segments = [sampleSegment()];
      const all = { putFlags: [flag], putExperiments: [experiment], putDomains: [domain], putSegments: segments };
      await apply(environment.id, all);
      expect(await environments.removeEnvironment(environment.id, sampleLink("environment.remove"))).toBe("done");
      expect(await flagIn(here, flag.id)).toMatchObject({ enabled: false });
      expect((await environments.environments()).map(({ id }) => id)).not.toContain(environment.id);
      const entries = await opened.store.auditEntries(before.sequence, 10);
      expect(entries.map(({ action }) => action)).toStrictEqual([
        "environment.create",
        "environment.archive",
        "environment.remove",
      ]);
    });

    it("changes nothing and records nothing for a key that is taken and for what is not there", async () => {
      const environment = await added();
      const before = await opened.store.auditHead();
      const link = sampleLink("never");
      expect(await environments.addEnvironment(sampleEnvironment({ key: environment.key }), link)).toBe(false);
      expect(await environments.putEnvironment(sampleEnvironment(), link)).toBe(false);
      expect(await environments.removeEnvironment(randomUUID(), link)).toBe("not_found");
      expect(await opened.store.auditHead()).toStrictEqual(before);
    });

    it("does not remove an environment in which something was decided", async () => {
      const environment = await added();
      await opened.sink.write([sampleDecision({ environmentId: environment.id, subjectId: "ada" })]);
      expect(await environments.removeEnvironment(environment.id, sampleLink("never"))).toBe("in_use");
      expect(await environments.environments()).toContainEqual(environment);
    });

    it("gives a new environment every flag there is, switched off, as its first revision", async () => {
      const rule = { id: randomUUID(), targetingRules: null, value: "ruled", rollout: 5_000 };
      const flag = sampleFlag({ rules: [rule], version: 7, defaultValue: "one" });
      await apply(here, { putFlags: [flag] });
      const { id } = await added();
      const off = { ...flag, enabled: false, rules: [], version: 1 };
      expect(await flagIn(id, flag.id)).toStrictEqual(off);
      expect(await opened.configuration.revision(id)).toBe(1);
      const first: Configuration | null = await opened.configurationHistory.at(id, 1);
      expect(first?.flags).toContainEqual(off);
    });

    it("makes a flag in all environments, and changes its state in one only", async () => {
      const [one, two] = [await added(), await added()];
      const flag = sampleFlag({ defaultValue: "one" });
      await apply(one.id, { putFlags: [flag] });
      for (const id of [here, two.id]) {
        expect(await flagIn(id, flag.id)).toStrictEqual({ ...flag, enabled: false });
      }
      const revisions = await Promise.all([here, two.id].map((id) => opened.configuration.revision(id)));
      const changed = { ...flag, defaultValue: "other", version: 2 };
      await apply(one.id, { putFlags: [changed] });
      expect(await flagIn(one.id, flag.id)).toStrictEqual(changed);
      for (const id of [here, two.id]) {
        expect(await flagIn(id, flag.id)).toStrictEqual({ ...flag, enabled: false });
      }
      expect(await Promise.all([here, two.id].map((id) => opened.configuration.revision(id)))).toStrictEqual(revisions);
    });

    it("renames a flag, gives it another type and removes it in all environments by one change", async () => {
      const other = await added();
      const flag = sampleFlag({ defaultValue: "text" });
      await apply(here, { putFlags: [flag] });
      const changed: Flag = { ...flag, key: `${flag.key}-new`, valueType: "number", defaultValue: 1, version: 2 };
      await apply(here, { putFlags: [changed] });
      expect(await flagIn(other.id, flag.id)).toStrictEqual({ ...changed, enabled: false });
      const revision = await opened.configuration.revision(other.id);
      await apply(here, { removeFlagIds: [flag.id] });
      expect(await flagIn(other.id, flag.id)).toBeUndefined();
      expect(await opened.configuration.revision(other.id)).toBe(revision + 1);
      // The name is free again, everywhere.
      await apply(other.id, { putFlags: [sampleFlag({ key: changed.key })] });
    });

    it("refuses another type while a flag has values of the old one elsewhere", async () => {
      const other = await added();
      const [ruled, tried] = [sampleFlag(), sampleFlag()];
      await apply(other.id, { putFlags: [ruled, tried], putExperiments: [sampleExperiment(tried.id)] });
      await apply(other.id, { putFlags: [{ ...ruled, version: 2 }] });
      for (const flag of [ruled, tried]) {
        const there = await flagIn(here, flag.id);
        if (there === undefined) throw new Error("A flag is missing.");
        const changed: Flag = { ...there, valueType: "number", defaultValue: 1, version: 2 };
        expect(await refusalOf(apply(here, { putFlags: [changed] }))).toBe("invalid_definition");
        expect(await flagIn(here, flag.id)).toStrictEqual(there);
        expect(await flagIn(other.id, flag.id)).toMatchObject({ valueType: "string" });
      }
    });

    it("gives a flag of which something is said a new version everywhere", async () => {
      const other = await added();
      const flag = sampleFlag();
      await commit(here, { configuration: { putFlags: [flag] } });
      const details = sampleFlagDetails(flag.id, { owner: "Ada" });
      const next = { ...flag, version: 2, updatedAt: STORE_NOW + 1 };
      await commit(here, { configuration: { putFlags: [next] }, putFlagDetails: [details] });
      expect(await opened.store.flagDetails(flag.id)).toStrictEqual(details);
      const there = { ...flag, enabled: false, version: 2, updatedAt: STORE_NOW + 1 };
      expect(await flagIn(other.id, flag.id)).toStrictEqual(there);
      expect(await opened.store.flagVersion(other.id, flag.id, 2)).toStrictEqual(there);
      expect(await opened.store.flagVersion(other.id, flag.id, 1)).toStrictEqual({
        ...there,
        version: 1,
        updatedAt: STORE_NOW,
      });
    });

    it("refuses a commit when another environment that it rests on has changed", async () => {
      const other = await added();
      const revision = await opened.configuration.revision(other.id);
      const stale = new Map([[other.id, revision]]);
      await apply(other.id, {});
      expect(await refusalOf(commit(here, { alsoFrom: stale }))).toBe("revision_conflict");
      await commit(here, { alsoFrom: new Map([[other.id, revision + 1]]) });
    });

    it("lets changes in different environments at the same time through, all of them", async () => {
      const [one, two] = [await added(), await added()];
      const put = async (environmentId: string): Promise<void> => {
        for (let tries = 0; ; tries += 1) {
          try {
            await apply(environmentId, { putFlags: [sampleFlag()] });
            return;
          } catch (error) {
            if (tries > 30 || !isLottyError(error, "revision_conflict")) throw error;
          }
        }
      };
      await Promise.all([here, one.id, two.id].flatMap((id) => [put(id), put(id), put(id)]));
      const keys = await Promise.all(
        [here, one.id, two.id].map(async (id) =>
          (await opened.configuration.load(id)).flags.map(({ key }) => key).toSorted(),
        ),
      );
      expect(keys[1]).toStrictEqual(keys[0]);
      expect(keys[2]).toStrictEqual(keys[0]);
    });
  });
}
