import fc from "fast-check";
import { expect, test } from "vitest";
import { differenceOfProducts } from "./difference-of-products.ts";

const count = fc.integer({ min: 0, max: 2 ** 31 });

test("a difference of products of counts has the digits of exact arithmetic", () => {
  fc.assert(
    fc.property(count, count, count, fc.integer({ min: -3, max: 3 }), (a, b, c, nudge) => {
      const d = Math.max(0, Math.round((a * b) / Math.max(c, 1)) + nudge);
      const exact = Number(BigInt(a) * BigInt(b) - BigInt(c) * BigInt(d));
      expect(Math.abs(differenceOfProducts([a, b], [c, d]) - exact)).toBeLessThanOrEqual(Math.abs(exact) * 2 ** -51);
    }),
  );
});
