import { describe, expect, it } from "vitest";
import { idempotencyKeyOf } from "./idempotency-key.ts";

const UUID = "8e03978e-40d5-43dd-bc93-6894a57f9324";

describe("an Idempotency-Key", () => {
  it.each([
    ["as the draft has it", `"${UUID}"`, UUID],
    ["without quotes", UUID, UUID],
    ["with space around it", ` ${UUID} `, UUID],
    ["of 255 characters", "k".repeat(255), "k".repeat(255)],
  ])("is read %s", (_how, header, key) => {
    expect(idempotencyKeyOf({ "idempotency-key": header })).toEqual({ ok: true, key });
  });

  it("need not be there", () => {
    expect(idempotencyKeyOf({})).toEqual({ ok: true, key: undefined });
  });

  it.each([
    ["too short to be a secret", "1234567890abcde"],
    ["too long", "k".repeat(256)],
    ["empty", ""],
    ["with a quote at one end", `"${UUID}`],
    ["with a quote inside", `"${UUID}"${UUID}"`],
    ["of several words", `${UUID} ${UUID}`],
    ["with letters beyond ASCII", `${UUID}ä`],
    ["with a comma behind a quoted text, as of two headers", `"${UUID}", "${UUID}"`],
  ])("is refused %s", (_how, header) => {
    expect(idempotencyKeyOf({ "idempotency-key": header })).toMatchObject({
      ok: false,
      problem: { code: "invalid_request" },
    });
  });
});
