import { describe, expect, it } from "vitest";
import { CHEAP_SCRYPT } from "./cheap-scrypt.ts";
import { PasswordHasher } from "./password-hasher.ts";

const cheap = new PasswordHasher(CHEAP_SCRYPT);

describe("a password hash", () => {
  it("is at OWASP's cost unless told otherwise, and says so", async () => {
    const hasher = new PasswordHasher();
    const stored = await hasher.hash("correct horse battery");
    expect(stored).toMatch(/^\$scrypt\$ln=17,r=8,p=1\$/);
    expect(await hasher.verify("correct horse battery", stored)).toBe(true);
    expect(hasher.isOutdated(stored)).toBe(false);
  });

  it("fits its password and no other, and is another one each time", async () => {
    const [one, other] = await Promise.all([cheap.hash("pässword-1"), cheap.hash("pässword-1")]);
    expect(one).not.toBe(other);
    expect(await cheap.verify("pässword-1", one)).toBe(true);
    expect(await cheap.verify("pa\u0308ssword-1", one)).toBe(true);
    expect(await cheap.verify("pässword-2", one)).toBe(false);
    expect(await cheap.verify("", one)).toBe(false);
  });

  it("is found outdated when the cost has changed, and still fits", async () => {
    const stored = await cheap.hash("pässword-1");
    const dearer = new PasswordHasher({ ...CHEAP_SCRYPT, costExponent: CHEAP_SCRYPT.costExponent + 1 });
    expect(dearer.isOutdated(stored)).toBe(true);
    expect(await dearer.verify("pässword-1", stored)).toBe(true);
  });

  it("that there is none is as much work as one that does not fit, and no password fits it", async () => {
    expect(await cheap.verify("", undefined)).toBe(false);
    const turned = Array.from({ length: 40 }, () => cheap.verify("x", undefined));
    const outcomes = await Promise.allSettled(turned);
    // It waits for its turn like any other: the work is really done.
    expect(outcomes.filter(({ status }) => status === "rejected")).not.toHaveLength(0);
    expect(outcomes.filter(({ status }) => status === "fulfilled")).not.toHaveLength(0);
  });

  it.each(["", "plain", "$scrypt$ln=4,r=8,p=1$short$short"])("that is none is a defect: %j", async (stored) => {
    await expect(cheap.verify("x", stored)).rejects.toMatchObject({ code: "internal" });
  });
});
