import { InMemStorageProvider, Unleash } from "unleash-client";

/** Strategy variants; both the rollout and the variant are hashed with murmur3. */
export async function create(traffic) {
  const constraint = (contextName, operator, more) => ({ contextName, operator, inverted: false, ...more });
  const variant = (name) => ({
    name,
    weight: 500,
    weightType: "variable",
    stickiness: "userId",
    payload: { type: "string", value: name },
  });
  const feature = {
    name: "flag",
    type: "experiment",
    enabled: true,
    stale: false,
    impressionData: false,
    variants: [],
    strategies: [
      {
        name: "flexibleRollout",
        parameters: { rollout: String(traffic), stickiness: "userId", groupId: "flag" },
        constraints: [
          constraint("country", "IN", { values: ["DE", "FR", "US"] }),
          constraint("version", "NUM_GTE", { value: "200" }),
          constraint("plan", "IN", { values: ["pro"] }),
        ],
        variants: [variant("A"), variant("B")],
      },
    ],
  };
  const client = new Unleash({
    appName: "bench",
    url: "http://127.0.0.1:1/api/",
    refreshInterval: 0,
    disableMetrics: true,
    skipInstanceCountWarning: true,
    storageProvider: new InMemStorageProvider(),
    bootstrap: { data: [feature] },
  });
  client.on("error", () => undefined);
  client.on("warn", () => undefined);
  await new Promise((resolve) => client.once("ready", resolve));
  return {
    contextOf: ({ attributes, id }) => ({ userId: id, properties: attributes }),
    decide: (context) => {
      const { enabled, name } = client.getVariant("flag", context);
      return enabled ? name : "off";
    },
    close: () => client.destroy(),
  };
}
