import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import * as node from "./node.ts";
import * as pure from "./pure.ts";

interface HashVector {
  readonly subject_id: string;
  readonly experiment_id: string;
  readonly salt: string;
  readonly value: string | null;
}

const file = new URL("../../vectors/hash_subject.json", import.meta.url);
const { cases } = JSON.parse(readFileSync(file, "utf8")) as { cases: readonly HashVector[] };

describe.each([
  ["node", node],
  ["pure", pure],
])("the %s implementation", (_, implementation) => {
  test("gives the reference's bucket for every vector", () => {
    for (const { experiment_id, salt, subject_id, value } of cases) {
      if (value === null) continue;
      const bucket = implementation.bucketOfText(`${subject_id}:${experiment_id}:${salt}`);
      expect((bucket / 100).toFixed(2)).toBe(value);
    }
  });

  test("gives the standard's digest for texts of every length around the block boundaries", () => {
    for (let length = 0; length <= 200; length += 1) {
      const text = "a".repeat(length);
      expect(implementation.sha256Hex(text)).toBe(createHash("sha256").update(text, "utf8").digest("hex"));
    }
  });

  test("reduces all 64 bits exactly", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        const digest = createHash("sha256").update(text, "utf8").digest();
        expect(implementation.bucketOfText(text)).toBe(Number(digest.readBigUInt64BE(0) % 10_000n));
      }),
    );
  });
});
