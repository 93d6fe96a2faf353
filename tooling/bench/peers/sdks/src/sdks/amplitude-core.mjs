import { EvaluationEngine } from "@amplitude/experiment-core";

/** The evaluation engine of Amplitude's local SDKs; murmur3. */
export function create(traffic) {
  const is = (name, op, values) => ({ selector: ["context", "user", "user_properties", name], op, values });
  const flag = {
    key: "flag",
    variants: { A: { key: "A", value: "A" }, B: { key: "B", value: "B" }, off: { key: "off", value: "off" } },
    segments: [
      {
        conditions: [
          [
            is("country", "is", ["DE", "FR", "US"]),
            is("version", "greater or equal", ["200"]),
            is("plan", "is", ["pro"]),
          ],
        ],
        bucket: {
          selector: ["context", "user", "user_id"],
          salt: "salt",
          allocations: [
            {
              range: [0, traffic],
              distributions: [
                { variant: "A", range: [0, 21_474_836] },
                { variant: "B", range: [21_474_836, 42_949_673] },
              ],
            },
          ],
        },
        variant: "off",
      },
      { variant: "off" },
    ],
  };
  const flags = [flag];
  const engine = new EvaluationEngine();
  return {
    contextOf: ({ attributes, id }) => ({ user: { user_id: id, user_properties: attributes } }),
    decide: (context) => engine.evaluate(context, flags).flag?.key ?? "off",
  };
}
