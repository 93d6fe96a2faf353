import { DEFAULT_ENVIRONMENT_ID, type Configuration, type ConfigurationChange } from "@lotty/domain";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sampleExperiment, sampleFlag, sampleSegment, type OpenedDecisionStore } from "./decision-store-fixture.ts";

/** A history of configurations to be tested, with what it takes to make one. */
export type OpenedConfigurationHistory = Pick<
  OpenedDecisionStore,
  "configuration" | "configurationHistory" | "otherEnvironmentId" | "close"
>;

const HOUR = 3_600_000_000;

/** Registers the tests that every history of configurations passes. One store serves all of them. */
export function describeConfigurationHistory(name: string, open: () => Promise<OpenedConfigurationHistory>): void {
  describe(`configuration history ${name}`, () => {
    const environmentId = DEFAULT_ENVIRONMENT_ID;
    let opened: OpenedConfigurationHistory;
    beforeAll(async () => {
      opened = await open();
    });
    afterAll(() => opened.close());

    /** Applies changes one by one, and gives the configuration as it was stored after each. */
    async function applyAll(changes: readonly ConfigurationChange[]): Promise<readonly Configuration[]> {
      const stored: Configuration[] = [];
      for (const change of changes) {
        const revision = await opened.configuration.revision(environmentId);
        await opened.configuration.apply(environmentId, change, revision);
        stored.push(await opened.configuration.load(environmentId));
      }
      return stored;
    }

    it("has nothing but the revision before all changes of an environment that was never changed", async () => {
      const { configurationHistory, otherEnvironmentId } = opened;
      const now = Date.now() * 1_000;
      const none = [{ revision: 0, since: null }];
      expect(await configurationHistory.inForce(otherEnvironmentId, { from: 0, to: now })).toStrictEqual(none);
      expect(await configurationHistory.at(otherEnvironmentId, 0)).toStrictEqual({
        environmentId: otherEnvironmentId,
        revision: 0,
        flags: [],
        experiments: [],
        domains: [],
        segments: [],
      });
      expect(await configurationHistory.at(otherEnvironmentId, 1)).toBeNull();
    });

    it("gives back every revision as it was, whatever was put, changed, removed and put again since", async () => {
      const [one, two, spare] = [sampleFlag(), sampleFlag(), sampleFlag()];
      const [running, other] = [sampleExperiment(one.id, { status: "running" }), sampleExperiment(two.id)];
      const segment = sampleSegment();
      const member = (experimentId: string, priority: number): { experimentId: string; priority: number } => ({
        experimentId,
        priority,
      });
      const domain = { id: spare.id, key: `domain-${spare.id}`, members: [member(running.id, 1), member(other.id, 2)] };
      const rule = { id: two.id, targetingRules: null, value: "ruled", rollout: 2_500 };
      const stored = await applyAll([
        { putFlags: [one, two, spare], putSegments: [segment] },
        { putExperiments: [running, other] },
        { putDomains: [domain] },
        { putFlags: [{ ...two, version: 2, enabled: false, rules: [rule] }], removeFlagIds: [spare.id] },
        { removeExperimentIds: [other.id], putSegments: [{ ...segment, version: 2, rule: 'plan == "pro"' }] },
        {
          putExperiments: [
            { ...other, version: 2 },
            { ...running, version: 2, status: "paused", rolledBack: true },
          ],
        },
        { putDomains: [{ ...domain, members: [member(other.id, 5)] }], putFlags: [spare] },
        { removeDomainIds: [domain.id], removeSegmentIds: [segment.id] },
      ]);
      for (const configuration of stored) {
        const kept = await opened.configurationHistory.at(environmentId, configuration.revision);
        expect(sorted(kept)).toStrictEqual(sorted(configuration));
      }
    });

    it("tells how an experiment was written, change by change", async () => {
      const flag = sampleFlag();
      const first = sampleExperiment(flag.id, { status: "running" });
      const others = sampleExperiment(flag.id);
      const slower = { ...first, version: 2, trafficAllocation: 100 };
      await applyAll([
        { putFlags: [flag], putExperiments: [first, others] },
        { putExperiments: [{ ...others, version: 2 }] },
        { putExperiments: [slower] },
      ]);
      const writings = await opened.configurationHistory.experimentWritings(environmentId, first.id);
      expect(writings.map(({ experiment }) => [experiment.version, experiment.trafficAllocation])).toStrictEqual([
        [1, first.trafficAllocation],
        [2, 100],
      ]);
      const [began = 0, changed = 0] = writings.map(({ at }) => at);
      expect(changed).toBeGreaterThanOrEqual(began);
      expect(Math.abs(Date.now() * 1_000 - changed)).toBeLessThan(HOUR);
      expect(await opened.configurationHistory.experimentWritings(environmentId, flag.id)).toStrictEqual([]);
      const elsewhere = opened.configurationHistory.experimentWritings(opened.otherEnvironmentId, first.id);
      expect(await elsewhere).toStrictEqual([]);
    });

    it("tells which revisions were the newest within a span, newest first", async () => {
      const stored = await applyAll([
        { putFlags: [sampleFlag()] },
        { putFlags: [sampleFlag()] },
        { putFlags: [sampleFlag()] },
      ]);
      const now = Date.now() * 1_000;
      const inForce = (from: number, to: number): ReturnType<typeof opened.configurationHistory.inForce> =>
        opened.configurationHistory.inForce(environmentId, { from, to });
      const all = await inForce(0, now + HOUR);
      const revisions = all.map(({ revision }) => revision);
      const newest = stored.at(-1)?.revision ?? 0;
      expect(revisions).toStrictEqual(Array.from({ length: newest + 1 }, (_, index) => newest - index));
      expect(all.at(-1)).toStrictEqual({ revision: 0, since: null });
      expect(await inForce(now + HOUR, now + HOUR)).toStrictEqual(all.slice(0, 1));
      // Each was the newest from its own instant on, and until just before the next.
      const [last, previous] = all;
      const since = last?.since ?? 0;
      expect((await inForce(since, since))[0]).toStrictEqual(last);
      if (previous?.since !== since) expect((await inForce(since - 1, since - 1))[0]).toStrictEqual(previous);
      expect((await inForce(since - 1, since)).map(({ revision }) => revision).slice(0, 2)).toStrictEqual([
        newest,
        newest - 1,
      ]);
    });
  });
}

/** Records are in no order; the domains' members neither. */
function sorted(configuration: Configuration | null): Configuration | null {
  if (configuration === null) return null;
  const byId = (a: { readonly id: string }, b: { readonly id: string }): number => (a.id < b.id ? -1 : 1);
  const { domains, experiments, flags, segments } = configuration;
  return {
    ...configuration,
    flags: flags.toSorted(byId),
    experiments: experiments.toSorted(byId),
    segments: segments.toSorted(byId),
    domains: domains.toSorted(byId).map((domain) => ({
      ...domain,
      members: domain.members.toSorted((a, b) => (a.experimentId < b.experimentId ? -1 : 1)),
    })),
  };
}
