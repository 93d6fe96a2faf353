import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { KEY_TYPES } from "../access/key-type.ts";
import { base62 } from "./base62.ts";
import { isKeyText, KEY_TEXT_LENGTH, keyDigest, makeKeyText, prefixOf } from "./key-text.ts";

describe("a key", () => {
  it.each(KEY_TYPES)("of type %s has one form, whatever is in it", (type) => {
    for (let made = 0; made < 50; made += 1) {
      const { digest, prefix, text } = makeKeyText(type);
      expect(text).toMatch(new RegExp(`^lotty_${type}_${prefix}_[0-9A-Za-z]{49}$`));
      expect(text).toHaveLength(KEY_TEXT_LENGTH);
      expect(prefixOf(text)).toBe(prefix);
      expect(digest).toEqual(keyDigest(text));
      expect(digest).toHaveLength(32);
      expect(isKeyText(text)).toBe(true);
    }
  });

  it("is another one each time", () => {
    const keys = Array.from({ length: 200 }, () => makeKeyText("server"));
    expect(new Set(keys.map(({ text }) => text)).size).toBe(200);
    expect(new Set(keys.map(({ prefix }) => prefix)).size).toBe(200);
  });

  it("is told from one with a typing mistake", () => {
    const { text } = makeKeyText("server");
    const places = fc.integer({ min: 0, max: text.length - 1 });
    fc.assert(
      fc.property(places, fc.constantFrom(..."0Aaz_é"), (place, character) => {
        fc.pre(text.charAt(place) !== character);
        expect(isKeyText(text.slice(0, place) + character + text.slice(place + 1))).toBe(false);
      }),
    );
    for (const wrong of ["", text.slice(1), `${text}0`, ` ${text}`, `${text}\n`]) expect(isKeyText(wrong)).toBe(false);
  });
});

describe("base62", () => {
  it("gives different numbers different texts, and holds 256 bits in 43 digits", () => {
    expect(base62(Buffer.alloc(32), 43)).toBe("0".repeat(43));
    expect(base62(Buffer.from([0, 61]), 3)).toBe("00z");
    expect(base62(Buffer.from([1, 0]), 3)).toBe("048");
    const bytes = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((array) => Buffer.from(array));
    fc.assert(
      fc.property(bytes, bytes, (one, other) => {
        expect(base62(one, 43) === base62(other, 43)).toBe(one.equals(other));
      }),
    );
  });
});
