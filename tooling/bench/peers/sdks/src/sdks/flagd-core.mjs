import { FlagdCore } from "@openfeature/flagd-core";

const silent = { debug() {}, info() {}, warn() {}, error() {} };

/** flagd evaluates JsonLogic; `fractional` hashes with murmur3. Below 100 % a second one decides about taking part. */
export function create(traffic) {
  const variants = {
    fractional: [
      ["A", 50],
      ["B", 50],
    ],
  };
  const inTraffic = {
    fractional: [{ cat: ["allocation", { var: "targetingKey" }] }, ["in", traffic], ["out", 100 - traffic]],
  };
  const rule = {
    and: [
      { in: [{ var: "country" }, ["DE", "FR", "US"]] },
      { ">=": [{ var: "version" }, 200] },
      { "==": [{ var: "plan" }, "pro"] },
    ],
  };
  const allocated = traffic === 100 ? variants : { if: [{ "==": [inTraffic, "in"] }, variants, "off"] };
  const core = new FlagdCore(undefined, silent);
  core.setConfigurations(
    JSON.stringify({
      flags: {
        flag: {
          state: "ENABLED",
          variants: { A: "A", B: "B", off: "off" },
          defaultVariant: "off",
          targeting: { if: [rule, allocated, "off"] },
        },
      },
    }),
  );
  return {
    contextOf: ({ attributes, id }) => ({ targetingKey: id, ...attributes }),
    decide: (context) => core.resolveStringEvaluation("flag", "off", context, silent).value,
  };
}
