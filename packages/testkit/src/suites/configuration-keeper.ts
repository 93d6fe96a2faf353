import type { Configuration, ConfigurationKeeper, KeptConfiguration } from "@lotty/domain";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

/** A keeper to be tested, with nothing kept. */
export interface OpenedConfigurationKeeper {
  readonly keeper: ConfigurationKeeper;
  /** Ends the keeper in good order and opens another one on the same place, as a restart does. */
  reopen(): Promise<ConfigurationKeeper>;
  close(): Promise<void>;
}

const environmentId = "00000000-0000-7000-8000-000000000001";

/** A configuration with one of everything, and values that are easy to damage. */
export function configurationToKeep(revision: number): Configuration {
  const flagId = "00000000-0000-7000-8000-0000000000f1";
  const experimentId = "00000000-0000-7000-8000-0000000000e1";
  return {
    environmentId,
    revision,
    flags: [
      {
        id: flagId,
        key: 'a "quoted"\nkey \u2028 \ud83d\ude00',
        valueType: "json",
        defaultValue: { n: 1e-7, list: [null, true, "\u0000", "\ud800"], ["__proto__"]: { admin: true } },
        enabled: false,
        rules: [
          { id: "00000000-0000-7000-8000-0000000000b1", targetingRules: 'x == "\u2029"', value: { a: [] }, rollout: 1 },
          { id: "00000000-0000-7000-8000-0000000000b2", targetingRules: null, value: null, rollout: 10_000 },
        ],
        version: 3,
        updatedAt: 1_772_366_400_000_001,
      },
    ],
    experiments: [
      {
        id: experimentId,
        key: "wider",
        flagId,
        status: "running",
        version: 7,
        updatedAt: 1_772_366_400_000_002,
        targetingRules: 'country == "DE"',
        trafficAllocation: 2_550,
        variants: [
          { id: "00000000-0000-7000-8000-0000000000a1", name: "control", value: 0.1, weight: 5_000, isControl: true },
          { id: "00000000-0000-7000-8000-0000000000a2", name: "wide", value: null, weight: 1, isControl: false },
        ],
        hashVersion: 1,
        stickyAssignment: true,
      },
      {
        id: "00000000-0000-7000-8000-0000000000e2",
        key: "stopped",
        flagId,
        status: "paused",
        rolledBack: true,
        version: 1,
        updatedAt: 0,
        targetingRules: null,
        trafficAllocation: 0,
        variants: [],
        hashVersion: 1,
        stickyAssignment: false,
      },
    ],
    domains: [
      { id: "00000000-0000-7000-8000-0000000000d1", key: "checkout", members: [{ experimentId, priority: -4 }] },
    ],
    segments: [
      {
        id: "00000000-0000-7000-8000-0000000000c1",
        key: "beta",
        rule: "a == 1 # \ud83d\ude00\n",
        version: 2,
        updatedAt: 3,
      },
    ],
  };
}

/** Registers the tests that every keeper of configurations passes. */
export function describeConfigurationKeeper(name: string, open: () => Promise<OpenedConfigurationKeeper>): void {
  describe(`configuration keeper ${name}`, () => {
    let opened: OpenedConfigurationKeeper;
    const first: KeptConfiguration = { configuration: configurationToKeep(1), confirmedAt: 1_000_000 };

    beforeEach(async () => {
      opened = await open();
    });

    afterEach(() => opened.close());

    it("has nothing to give before something was kept", async () => {
      expect(await opened.keeper.recall(environmentId)).toBeUndefined();
    });

    it("gives back exactly what was kept, after a restart", async () => {
      opened.keeper.keep(first);
      expect(await (await opened.reopen()).recall(environmentId)).toEqual(first);
    });

    it("gives nothing of another environment", async () => {
      opened.keeper.keep(first);
      expect(await (await opened.reopen()).recall("00000000-0000-7000-8000-000000000002")).toBeUndefined();
    });

    it("keeps the last of several", async () => {
      for (let revision = 1; revision <= 5; revision += 1) {
        opened.keeper.keep({ configuration: configurationToKeep(revision), confirmedAt: revision });
      }
      const kept = await (await opened.reopen()).recall(environmentId);
      expect(kept?.configuration.revision).toBe(5);
      expect(kept?.confirmedAt).toBe(5);
    });

    it("replaces what an earlier process kept", async () => {
      opened.keeper.keep(first);
      (await opened.reopen()).keep({ configuration: configurationToKeep(2), confirmedAt: 2_000_000 });
      expect((await (await opened.reopen()).recall(environmentId))?.configuration.revision).toBe(2);
    });

    it("knows an hour later that it was still the newest then", async () => {
      opened.keeper.keep(first);
      opened.keeper.confirm(3_600_000_000);
      expect(await (await opened.reopen()).recall(environmentId)).toEqual({ ...first, confirmedAt: 3_600_000_000 });
    });

    it("may be closed twice", async () => {
      await opened.keeper.close();
      await expect(opened.keeper.close()).resolves.toBeUndefined();
    });
  });
}
