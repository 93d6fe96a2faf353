import { type ErrorCode, LottyError } from "@lotty/domain";
import { describe, expect, it } from "vitest";
import { exitCodeOf } from "./exit-code.ts";

describe("exitCodeOf", () => {
  it.each<[ErrorCode, number]>([
    ["invalid_configuration", 3],
    ["invalid_definition", 3],
    ["address_in_use", 4],
    ["data_directory_in_use", 4],
    ["database_unavailable", 4],
    ["decision_stream_unavailable", 4],
    ["schema_mismatch", 4],
    ["internal", 70],
  ])("tells %s by %d", (code, exitCode) => {
    expect(exitCodeOf(new LottyError(code, "text"))).toBe(exitCode);
  });

  it("takes anything else for a defect", () => {
    expect(exitCodeOf(new TypeError("text"))).toBe(70);
    expect(exitCodeOf(undefined)).toBe(70);
  });
});
