import { compileSnapshot, explain } from "@lotty/engine";
import {
  attributes,
  histories,
  parseGeneratedRule,
  ruledConfigurations,
  TEST_NOW,
} from "@lotty/testkit/generators/configuration";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { presentExplanation } from "../present-explanation.ts";
import { explanationSchema } from "./explanation-schema.ts";

describe("explanationSchema", () => {
  it("is what every explanation looks like, whichever gate it ends at", () => {
    const cases = ruledConfigurations.chain((configuration) =>
      fc.record({
        configuration: fc.constant(configuration),
        history: histories(configuration),
        id: fc.uuid(),
        attributes,
      }),
    );
    fc.assert(
      fc.property(cases, ({ attributes: own, configuration, history, id }) => {
        const snapshot = compileSnapshot(configuration, { parseRule: parseGeneratedRule });
        for (const { key } of configuration.flags) {
          const context = { subject: { id, attributes: own }, history, now: TEST_NOW };
          const explanation = presentExplanation(explain(snapshot, key, context), ({ kind }) => kind);
          const sent: unknown = JSON.parse(JSON.stringify(explanation));
          expect(explanationSchema.safeParse(sent).error?.issues ?? []).toEqual([]);
        }
      }),
    );
  });
});
