import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { MIGRATIONS } from "./migration-list.ts";

/** First 16 digits of the SHA-256 of each published step. A new step gets a line; no line ever changes. */
const PUBLISHED: Readonly<Record<string, string>> = {
  "0001_configuration": "e6f1e53190c0ffc7",
  "0002_decisions": "2c502290c45bf315",
  "0003_record_decisions": "70bd7de0679055a7",
  "0004_check_held_variants": "0f5297b8cfd99625",
  "0005_flag_rules_and_segments": "7c6944fac32304f7",
  "0006_decisions_on_record": "869112aa9cbd90a0",
  "0007_identity": "ec766e314015ff12",
  "0008_control_plane": "b8e035755d64886c",
  "0009_attributes": "09d0febc59c0c32f",
  "0010_idempotency": "72308a434e70f64a",
  "0011_environments": "1747ea48c4dcc741",
  "0014_events": "6af25485d4384ce6",
  "0015_metrics": "383922d66a7bc4a3",
  "0016_measures": "5da516f24396ae4c",
  "0017_analysis_plans": "102ad3812bff0149",
  "0018_guardrails": "6a6c0383637a946a",
  "0019_notifications": "81b0c078a6c4ad03",
  "0020_learnings": "dc5605d0347aa3e1",
  "0021_launch_certificates": "ad07db2eccee5734",
  "0022_subjects_being_folded": "5162eac05511a65b",
  "0023_segment_rollups": "2c7121eb5cc328fa",
  "0025_erased_events": "337c9930e1542e25",
};

test("published steps never change, not even by way of what they import", () => {
  const digests = MIGRATIONS.map(({ name, sql }) => [
    name,
    createHash("sha256").update(sql).digest("hex").slice(0, 16),
  ]);
  expect(Object.fromEntries(digests)).toStrictEqual(PUBLISHED);
});
