import { GrowthBookClient } from "@growthbook/growthbook";

/** An experiment rule with a condition; FNV-1a. */
export function create(traffic) {
  const client = new GrowthBookClient({});
  client.initSync({
    payload: {
      features: {
        flag: {
          defaultValue: "off",
          rules: [
            {
              key: "experiment",
              condition: { country: { $in: ["DE", "FR", "US"] }, version: { $gte: 200 }, plan: "pro" },
              hashAttribute: "id",
              hashVersion: 2,
              seed: "experiment",
              coverage: traffic / 100,
              weights: [0.5, 0.5],
              variations: ["A", "B"],
              meta: [{ key: "0" }, { key: "1" }],
            },
          ],
        },
      },
    },
  });
  return {
    contextOf: ({ attributes, id }) => ({ attributes: { id, ...attributes } }),
    decide: (context) => client.evalFeature("flag", context).value,
  };
}
