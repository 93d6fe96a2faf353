import { describe, expect, it } from "vitest";
import { partsOf, placesIn } from "./decision-place.ts";

describe("the ids of queued decisions", () => {
  it("are those of their entries when they are alone in them", () => {
    expect(placesIn(3, "1790000000000-0", 1)).toStrictEqual(["3:1790000000000-0"]);
  });

  it("tell where a decision lies, and how many are with it", () => {
    const places = [...placesIn(0, "1-0", 3), ...placesIn(2, "1-0", 1), ...placesIn(0, "2-0", 2)];
    expect(new Set(places).size).toBe(6);
    const parts = partsOf(places.filter((_, index) => index !== 1));
    expect([...parts.keys()]).toStrictEqual([0, 2]);
    expect(parts.get(0)).toMatchObject([
      { id: "1-0", count: 3, positions: new Set([0, 2]) },
      { id: "2-0", count: 2, positions: new Set([0, 1]) },
    ]);
    expect(parts.get(2)).toMatchObject([{ id: "1-0", count: 1, positions: new Set([0]) }]);
  });

  it("count once if they are given twice", () => {
    const [first = ""] = placesIn(0, "1-0", 2);
    expect(partsOf([first, first]).get(0)).toMatchObject([{ positions: new Set([0]) }]);
  });
});
