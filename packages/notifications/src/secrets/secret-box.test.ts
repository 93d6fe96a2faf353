import { isLottyError } from "@lotty/domain";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createSecretBox } from "./secret-box.ts";

const KEY = "a key of at least thirty-two characters";
const box = createSecretBox(KEY);

function opening(open: () => string): string {
  try {
    return open();
  } catch (error) {
    return isLottyError(error, "invalid_configuration") ? "refused" : "broken";
  }
}

describe("a box for secrets", () => {
  it("gives back what was sealed with its key, and shows nothing of it", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", minLength: 8 }), fc.string(), (secret, purpose) => {
        const sealed = box.seal(secret, purpose);
        expect(createSecretBox(KEY).open(sealed, purpose)).toBe(secret);
        expect(Buffer.from(sealed.slice(3), "base64url").includes(secret)).toBe(false);
      }),
    );
  });

  it("never seals the same twice", () => {
    expect(box.seal("secret", "w")).not.toBe(box.seal("secret", "w"));
  });

  it("opens nothing with another key, for another purpose, or that was altered", () => {
    const sealed = box.seal("secret", "w");
    const bytes = Buffer.from(sealed.slice(3), "base64url");
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
    expect(opening(() => createSecretBox(`${KEY}!`).open(sealed, "w"))).toBe("refused");
    expect(opening(() => createSecretBox(null).open(sealed, "w"))).toBe("refused");
    expect(opening(() => box.open(sealed, "x"))).toBe("refused");
    expect(opening(() => box.open(`v1.${bytes.toString("base64url")}`, "w"))).toBe("refused");
    expect(opening(() => box.open("v1.AA", "w"))).toBe("refused");
  });

  it("opens with a key what was kept without one", () => {
    const plain = createSecretBox(null);
    expect(plain.encrypts).toBe(false);
    expect(box.encrypts).toBe(true);
    expect(box.open(plain.seal("secret é", "w"), "w")).toBe("secret é");
  });
});
