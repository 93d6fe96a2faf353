import { PostHog } from "posthog-node";

/** Local evaluation of a multivariate flag; SHA-1, both for the rollout and for the variant. */
export async function create(traffic) {
  const property = (key, operator, value) => ({ key, operator, value, type: "person" });
  const flag = {
    id: 1,
    team_id: 1,
    name: "flag",
    key: "flag",
    active: true,
    filters: {
      groups: [
        {
          properties: [
            property("country", "exact", ["DE", "FR", "US"]),
            property("version", "gte", 200),
            property("plan", "exact", ["pro"]),
          ],
          rollout_percentage: traffic,
        },
      ],
      multivariate: { variants: ["A", "B"].map((key) => ({ key, name: key, rollout_percentage: 50 })) },
    },
  };
  const body = { flags: [flag], group_type_mapping: {}, cohorts: {} };
  const answer = {
    status: 200,
    headers: { get: () => null },
    text: async () => JSON.stringify(body),
    json: async () => body,
  };
  const client = new PostHog("bench", {
    host: "http://127.0.0.1:1",
    personalApiKey: "bench",
    featureFlagsPollingInterval: 100_000_000,
    fetch: async () => answer,
  });
  await client.waitForLocalEvaluationReady(5_000);
  const options = { onlyEvaluateLocally: true, sendFeatureFlagEvents: false };
  return {
    contextOf: ({ attributes, id }) => ({ id, options: { ...options, personProperties: attributes } }),
    decide: async (context) => (await client.getFeatureFlag("flag", context.id, context.options)) || "off",
    asynchronous: true,
    close: () => client.shutdown(100),
  };
}
