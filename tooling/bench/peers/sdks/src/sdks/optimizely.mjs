import { createInstance, createStaticProjectConfigManager } from "@optimizely/optimizely-sdk";

/** A feature test with an audience; murmur3. */
export async function create(traffic) {
  const condition = (name, match, value) => ({ type: "custom_attribute", name, match, value });
  const countries = ["DE", "FR", "US"].map((country) => condition("country", "exact", country));
  const conditions = ["and", ["or", ...countries], condition("version", "ge", 200), condition("plan", "exact", "pro")];
  const datafile = {
    version: "4",
    rollouts: [{ id: "rollout", experiments: [] }],
    typedAudiences: [{ id: "audience", name: "audience", conditions }],
    audiences: [
      {
        id: "audience",
        name: "audience",
        conditions:
          '["or", {"match": "exact", "name": "$opt_dummy_attribute", "type": "custom_attribute", "value": "$opt_dummy_value"}]',
      },
    ],
    anonymizeIP: true,
    projectId: "1",
    accountId: "1",
    revision: "1",
    sdkKey: "bench",
    environmentKey: "bench",
    sendFlagDecisions: false,
    events: [],
    variables: [],
    attributes: ["country", "version", "plan"].map((key, index) => ({ id: String(index), key })),
    groups: [],
    featureFlags: [{ id: "10", key: "flag", rolloutId: "rollout", experimentIds: ["20"], variables: [] }],
    experiments: [
      {
        id: "20",
        key: "experiment",
        layerId: "30",
        status: "Running",
        audienceIds: ["audience"],
        audienceConditions: ["or", "audience"],
        variations: ["A", "B"].map((key, index) => ({
          id: String(40 + index),
          key,
          featureEnabled: true,
          variables: [],
        })),
        trafficAllocation: [
          { entityId: "40", endOfRange: traffic * 50 },
          { entityId: "41", endOfRange: traffic * 100 },
        ],
        forcedVariations: {},
      },
    ],
  };
  const client = createInstance({
    projectConfigManager: createStaticProjectConfigManager({ datafile: JSON.stringify(datafile) }),
  });
  await client.onReady();
  return {
    contextOf: ({ attributes, id }) => ({ id, attributes }),
    decide: ({ attributes, id }) =>
      client.createUserContext(id, attributes).decide("flag", ["DISABLE_DECISION_EVENT"]).variationKey ?? "off",
    close: () => client.close(),
  };
}
