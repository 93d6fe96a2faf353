import { describe, expect, it } from "vitest";
import { isJsonMediaType } from "./media-type.ts";

describe("isJsonMediaType", () => {
  it.each([
    "application/json",
    "Application/JSON",
    "application/json; charset=utf-8",
    'application/json;charset="UTF-8"',
    "application/json ; charset=utf8; profile=x",
  ])("takes %j", (type) => {
    expect(isJsonMediaType(type)).toBe(true);
  });

  it.each([
    undefined,
    "",
    "text/plain",
    "text/json",
    "application/jsonx",
    "application/json, application/json",
    "application/x-www-form-urlencoded",
    "application/json; charset=utf-16",
    "application/json; charset=",
    "application/json; charset=latin1; charset=utf-8",
  ])("refuses %j", (type) => {
    expect(isJsonMediaType(type)).toBe(false);
  });
});
