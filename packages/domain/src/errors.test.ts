import { expect, test } from "vitest";
import { isLottyError, LottyError } from "./errors.ts";

test("an error knows its code, its cause and whether the call may be repeated", () => {
  const cause = new Error("socket closed");
  const error = new LottyError("database_unavailable", "The database cannot be reached.", { cause });
  expect(error).toMatchObject({ code: "database_unavailable", retryable: true, cause, name: "LottyError" });
  expect(new LottyError("invalid_request", "No.").retryable).toBe(false);
});

test("errors are told apart by code", () => {
  const error: unknown = new LottyError("not_found", "No such flag.");
  expect(isLottyError(error)).toBe(true);
  expect(isLottyError(error, "not_found")).toBe(true);
  expect(isLottyError(error, "internal")).toBe(false);
  expect(isLottyError(new Error("not_found"))).toBe(false);
});
