import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { TransientMap } from "./transient-map.ts";

const key = fc.integer({ min: 0, max: 40 });
const operation = fc.oneof(
  fc.record({ kind: fc.constant("set" as const), key, value: fc.integer() }),
  fc.record({ kind: fc.constant("delete" as const), key }),
);

describe("a transient map", () => {
  test("has the entries of a map, in the same order, whatever is done with it", () => {
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 3_000, size: "max" }), (operations) => {
        const transient = new TransientMap<number, number>();
        const plain = new Map<number, number>();
        for (const each of operations) {
          if (each.kind === "delete") {
            expect(transient.delete(each.key)).toBe(plain.delete(each.key));
          } else {
            transient.set(each.key, each.value);
            plain.set(each.key, each.value);
          }
        }
        expect(transient.size).toBe(plain.size);
        expect([...transient.keys()]).toStrictEqual([...plain.keys()]);
        for (let index = 0; index <= 40; index += 1) expect(transient.get(index)).toBe(plain.get(index));
      }),
      { numRuns: 50 },
    );
  });

  test("lets entries be deleted while its keys are gone through", () => {
    const transient = new TransientMap<number, null>();
    for (let index = 0; index < 2_000; index += 1) transient.set(index, null);
    const seen: number[] = [];
    for (const each of transient.keys()) {
      seen.push(each);
      transient.delete(each);
      if (seen.length === 1_000) break;
    }
    expect(seen).toStrictEqual(Array.from({ length: 1_000 }, (_, index) => index));
    expect(transient.size).toBe(1_000);
  });
});
