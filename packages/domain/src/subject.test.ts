import fc from "fast-check";
import { expect, test } from "vitest";
import { MAX_SUBJECT_ID_BYTES, subjectIdFault } from "./subject.ts";

test("takes ids up to the limit in bytes, not in characters", () => {
  expect(subjectIdFault("a".repeat(MAX_SUBJECT_ID_BYTES))).toBeUndefined();
  expect(subjectIdFault("a".repeat(MAX_SUBJECT_ID_BYTES + 1))).toBe("too_long");
  expect(subjectIdFault("é".repeat(128))).toBeUndefined();
  expect(subjectIdFault("é".repeat(129))).toBe("too_long");
  expect(subjectIdFault("😀".repeat(64))).toBeUndefined();
  expect(subjectIdFault("😀".repeat(65))).toBe("too_long");
});

test("names what is wrong with an id", () => {
  expect(subjectIdFault("")).toBe("empty");
  expect(subjectIdFault("a\0b")).toBe("contains_nul");
  expect(subjectIdFault("a\ud800")).toBe("not_well_formed");
});

test("counts the bytes of every well-formed text as the encoder does", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", minLength: 1, maxLength: 300 }), (id) => {
      fc.pre(!id.includes("\0"));
      const tooLong = Buffer.byteLength(id, "utf8") > MAX_SUBJECT_ID_BYTES;
      expect(subjectIdFault(id)).toBe(tooLong ? "too_long" : undefined);
    }),
  );
});
