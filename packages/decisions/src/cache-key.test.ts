import { readFileSync } from "node:fs";
import type { Experiment, Flag } from "@lotty/domain";
import { expect, test } from "vitest";
import { decisionCacheKey, type CacheKeyParts, type ExperimentOnFlag } from "./cache-key.ts";

const flag: Flag = {
  id: "f",
  key: "flag",
  valueType: "json",
  defaultValue: null,
  enabled: true,
  rules: [],
  version: 1,
  updatedAt: 1,
};
const experiment: Experiment = {
  id: "e",
  key: "e",
  flagId: "f",
  status: "running",
  version: 1,
  updatedAt: 1,
  targetingRules: null,
  trafficAllocation: 1,
  variants: [],
  hashVersion: 1,
  stickyAssignment: false,
};
const parts: ExperimentOnFlag & CacheKeyParts = {
  environmentId: "env",
  flag,
  experiment,
  segments: [],
  subjectId: "u",
  attributesDigest: "d",
};

const segment = { id: "s", key: "s", rule: "", version: 1, updatedAt: 1 };

function keyOf({ flag: itsFlag, experiment: itsExperiment, segments, ...rest }: typeof parts): string {
  return decisionCacheKey({ flag: itsFlag, experiment: itsExperiment, segments }, rest);
}

test("texts that run into each other in the reference's keys have keys of their own", () => {
  const a = keyOf({ ...parts, flag: { ...flag, key: "a:b" }, subjectId: "c" });
  const b = keyOf({ ...parts, flag: { ...flag, key: "a" }, subjectId: "b:c" });
  expect(a).not.toBe(b);
});

test("every part has its say", () => {
  const keys = [
    parts,
    { ...parts, environmentId: "other" },
    { ...parts, subjectId: "v" },
    { ...parts, attributesDigest: "other" },
    { ...parts, flag: { ...flag, version: 2 } },
    { ...parts, flag: { ...flag, updatedAt: 2 } },
    { ...parts, experiment: { ...experiment, status: "paused" as const } },
    { ...parts, experiment: { ...experiment, version: 2 } },
    { ...parts, experiment: { ...experiment, updatedAt: 2 } },
    { ...parts, experiment: { ...experiment, id: "other" } },
    { ...parts, segments: [segment] },
    { ...parts, segments: [{ ...segment, version: 2 }] },
    { ...parts, segments: [{ ...segment, updatedAt: 2 }] },
    { ...parts, segments: [segment, { ...segment, id: "t" }] },
  ].map(keyOf);
  expect(new Set(keys).size).toBe(keys.length);
});

test("flag keys and subjects of the reference's vectors never share a key", () => {
  interface KeyVector {
    readonly flag_key: string;
    readonly subject_id: string;
    readonly subject_attributes_digest: string;
  }
  const file = new URL("../../engine/vectors/decision_cache_key.json", import.meta.url);
  const { cases } = JSON.parse(readFileSync(file, "utf8")) as { cases: readonly KeyVector[] };
  const keyByIdentity = new Map<string, string>();
  for (const { flag_key, subject_attributes_digest, subject_id } of cases) {
    const key = keyOf({
      ...parts,
      flag: { ...flag, key: flag_key },
      subjectId: subject_id,
      attributesDigest: subject_attributes_digest,
    });
    keyByIdentity.set(JSON.stringify([flag_key, subject_id, subject_attributes_digest]), key);
  }
  expect(keyByIdentity.size).toBeGreaterThan(10);
  expect(new Set(keyByIdentity.values()).size).toBe(keyByIdentity.size);
});
