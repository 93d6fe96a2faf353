import { expect, test } from "vitest";
import type { ModelDefinitions, ModelFlag } from "../oracle/configuration.ts";
import { flagsGone, spreadFlags } from "./spread-flags.ts";

const FLAG: ModelFlag = {
  key: "guest",
  type: "json",
  default: null,
  rules: [{ id: "r", rule: null, value: 1, rollout: 1 }],
};

function definitions(...flags: readonly ModelFlag[]): ModelDefinitions {
  return { flags, experiments: [], domains: [], segments: [] };
}

test("a flag that is made in one environment is in the other, off, with its default value and without rules", () => {
  const spread = spreadFlags({ before: definitions(), after: definitions(FLAG) }, definitions());
  expect(spread?.flags).toEqual([{ key: "guest", type: "json", default: null, enabled: false }]);
});

test("a flag that is removed in one environment is gone in the other", () => {
  const there: ModelFlag = { key: "guest", type: "json", default: 2, enabled: false };
  const change = { before: definitions(FLAG), after: definitions() };
  expect(flagsGone(change.before, change.after)).toEqual(["guest"]);
  expect(spreadFlags(change, definitions(there))?.flags).toEqual([]);
});

test("what a flag is like in one environment changes nothing in the other", () => {
  const change = { before: definitions(FLAG), after: definitions({ ...FLAG, enabled: false, default: 3 }) };
  expect(spreadFlags(change, definitions(FLAG))).toBeNull();
});
