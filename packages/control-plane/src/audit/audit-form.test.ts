import { describe, expect, it, test } from "vitest";
import { auditForm } from "./audit-form.ts";

describe("what gets on record", () => {
  it("is the record as plain JSON", () => {
    const record = { name: "a", list: [1, null, { deep: true }], gone: undefined, huge: Infinity };
    expect(auditForm(record)).toStrictEqual({ name: "a", list: [1, null, { deep: true }], gone: null, huge: null });
  });

  test.each(["password", "passwordHash", "password_hash", "TOKEN", "api-key", "keyHash", "clientSecret", "session_id"])(
    "never has a value under the name %s, however deep",
    (name) => {
      const form = JSON.stringify(auditForm({ user: [{ [name]: "hunter2", nested: { [name]: { a: "hunter2" } } }] }));
      expect(form).not.toContain("hunter2");
      expect(form).toContain("[redacted]");
    },
  );

  it("tells a secret that is not there from one that is", () => {
    expect(auditForm({ password: null })).toStrictEqual({ password: null });
  });

  it("keeps names that only contain such a word", () => {
    expect(auditForm({ tokenCount: 3, passwordless: true })).toStrictEqual({ tokenCount: 3, passwordless: true });
  });

  it("keeps names that programs trip over as what they are", () => {
    const record: unknown = JSON.parse('{"__proto__": {"admin": true}}');
    const form = auditForm(record);
    expect(JSON.stringify(form)).toBe('{"__proto__":{"admin":true}}');
  });
});
