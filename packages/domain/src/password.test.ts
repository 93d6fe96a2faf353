import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MAX_PASSWORD_LENGTH, MIN_PASSWORD_LENGTH, passwordFault } from "./password.ts";

describe("passwordFault", () => {
  it.each([
    ["", "too_short"],
    ["elevenchars", "too_short"],
    ["x".repeat(MAX_PASSWORD_LENGTH + 1), "too_long"],
    ["aaaaaaaaaaaa", "well_known"],
    ["abababababababab", "well_known"],
    ["Password-Password", "well_known"],
    ["change me please", "well_known"],
    ["Administrator", "well_known"],
    ["ada.lovelace", "has_name"],
    ["Ada.Lovelace2026", "has_name"],
    ["correct horse battery", undefined],
    ["ünïcödé-pässwörd", undefined],
  ])("finds in %j: %s", (password, fault) => {
    expect(passwordFault(password, "ada.lovelace")).toBe(fault);
  });

  it("takes a password that has the name in it and enough besides", () => {
    expect(passwordFault("ada likes 7 green frogs", "ada")).toBeUndefined();
  });

  it("counts characters as people do, not UTF-16 units", () => {
    expect(passwordFault("😀😁😂🤣😃😄", "ada")).toBe("too_short");
    expect(passwordFault("😀😁😂🤣😃😄😅😆😉😊😋😎", "ada")).toBeUndefined();
  });

  it("takes no password that is too short, whatever is in it and whoever has it", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: MIN_PASSWORD_LENGTH - 1 }), fc.string(), (password, name) => {
        expect(passwordFault(password, name)).toBe("too_short");
      }),
    );
  });
});
