import { StatsigServer } from "statsig-node";

/** A dynamic config behind a gate with the rule; SHA-256. Nothing is logged. */
export async function create(traffic) {
  const condition = ([type, operator, targetValue], more = {}) => ({
    type,
    operator,
    targetValue,
    field: null,
    additionalValues: {},
    isDeviceBased: false,
    idType: "userID",
    ...more,
  });
  const custom = (field, operator, targetValue) => condition(["user_field", operator, targetValue], { field });
  const bucket = (salt, below) => condition(["user_bucket", "lt", below], { additionalValues: { salt } });
  const rule = (id, conditions, returnValue) => ({
    id,
    name: id,
    groupName: id,
    salt: id,
    passPercentage: 100,
    conditions,
    returnValue,
    idType: "userID",
    isDeviceBased: false,
  });
  const spec = ({ defaultValue, name, rules, type }) => ({
    name,
    type,
    salt: name,
    enabled: true,
    rules,
    defaultValue,
    idType: "userID",
    entity: type,
    explicitParameters: [],
  });
  const gate = spec({
    name: "rule",
    type: "feature_gate",
    rules: [
      rule(
        "all",
        [custom("country", "any", ["DE", "FR", "US"]), custom("version", "gte", 200), custom("plan", "any", ["pro"])],
        true,
      ),
    ],
    defaultValue: false,
  });
  const config = spec({
    name: "flag",
    type: "dynamic_config",
    rules: [
      rule("targeting", [condition(["fail_gate", null, "rule"])], { value: "off" }),
      ...(traffic === 100
        ? []
        : [
            rule(
              "allocation",
              [condition(["user_bucket", "gte", traffic * 10], { additionalValues: { salt: "allocation" } })],
              { value: "off" },
            ),
          ]),
      rule("A", [bucket("variant", 500)], { value: "A" }),
      rule("B", [condition(["public", null, null])], { value: "B" }),
    ],
    defaultValue: { value: "off" },
  });
  const server = new StatsigServer("secret-bench", {
    bootstrapValues: JSON.stringify({
      has_updates: true,
      time: 1,
      feature_gates: [gate],
      dynamic_configs: [config],
      layer_configs: [],
      id_lists: {},
    }),
    networkOverrideFunc: async () => new Response("{}", { status: 200 }),
    disableAllLogging: true,
    disableDiagnostics: true,
    disableRulesetsSync: true,
    disableIdListsSync: true,
    initStrategyForIP3Country: "none",
    initStrategyForIDLists: "none",
  });
  await server.initializeAsync();
  return {
    contextOf: ({ attributes, id }) => ({ userID: id, custom: attributes }),
    decide: (user) => server.getConfigWithExposureLoggingDisabledSync(user, "flag").value.value ?? "off",
    close: () => server.shutdown(),
  };
}
