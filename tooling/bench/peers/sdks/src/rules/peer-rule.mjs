/** Makes a contender of a rule engine's test. */
export function ruleContender(test) {
  return {
    contextOf: ({ attributes }) => attributes,
    decide: (attributes) => Boolean(test(attributes)),
  };
}
