import { init } from "@launchdarkly/node-server-sdk";
import { TestData } from "@launchdarkly/node-server-sdk/integrations";

/** A rule with a percentage rollout; SHA-1. */
export async function create(traffic) {
  const clause = (attribute, op, values) => ({ contextKind: "user", attribute, op, values, negate: false });
  const weight = traffic * 500;
  const source = new TestData();
  await source.usePreconfiguredFlag({
    key: "flag",
    version: 1,
    on: true,
    salt: "salt",
    variations: ["A", "B", "off"],
    fallthrough: { variation: 2 },
    offVariation: 2,
    prerequisites: [],
    targets: [],
    rules: [
      {
        id: "rule",
        clauses: [
          clause("country", "in", ["DE", "FR", "US"]),
          clause("version", "greaterThanOrEqual", [200]),
          clause("plan", "in", ["pro"]),
        ],
        rollout: {
          contextKind: "user",
          variations: [
            { variation: 0, weight },
            { variation: 1, weight },
            { variation: 2, weight: 100_000 - 2 * weight },
          ].filter((each) => each.weight > 0),
        },
      },
    ],
  });
  const silent = { debug() {}, info() {}, warn() {}, error() {} };
  const client = init("sdk-bench", {
    updateProcessor: source.getFactory(),
    sendEvents: false,
    diagnosticOptOut: true,
    logger: silent,
  });
  await client.waitForInitialization({ timeout: 10 });
  return {
    contextOf: ({ attributes, id }) => ({ kind: "user", key: id, ...attributes }),
    // The only asynchronous one: its promise is settled at once and awaited by the measuring loop.
    decide: (context) => client.variation("flag", context, "off"),
    asynchronous: true,
    close: () => client.close(),
  };
}
