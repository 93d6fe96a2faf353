import { configurationOf, planChange, readDefinitions, type Definitions } from "@lotty/definitions";
import { SeededRandom } from "@lotty/faults/seeded-random";
import { describe, expect, it } from "vitest";
import { definitionsText, type ModelDefinitions } from "../oracle/configuration.ts";
import { changeDefinitions } from "./change-definitions.ts";
import { firstDefinitions } from "./first-definitions.ts";
import { turn } from "./request.ts";

function read(definitions: ModelDefinitions): Definitions {
  const reading = readDefinitions(definitionsText(definitions), { fileName: "model.json" });
  if (!reading.ok) throw new Error(reading.problems.map(({ message }) => message).join("\n"));
  return reading.definitions;
}

describe("random changes", () => {
  it("always give definitions that can be applied, and that change something", () => {
    for (let seed = 0; seed < 3; seed += 1) {
      const random = new SeededRandom(seed);
      let definitions = firstDefinitions(random);
      let before = read(definitions);
      for (let step = 0; step < 80; step += 1) {
        const changed = changeDefinitions(definitions, random);
        const plan = { now: 0, newId: () => `new-${step}`, prune: true };
        const after = read(changed.definitions);
        expect(planChange(after, configurationOf(before), plan).empty).toBe(false);
        definitions = changed.definitions;
        before = after;
      }
    }
  });

  it("and random questions come again with the same seed", () => {
    const [one, again, other] = [4, 4, 5].map((seed) => Array.from({ length: 300 }, (_, n) => turn(seed, n)));
    expect(again).toEqual(one);
    expect(other).not.toEqual(one);
    expect(one?.some((questions) => questions.length > 5)).toBe(true);
  });
});
