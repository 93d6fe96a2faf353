import { describe, expect, it } from "vitest";
import { redactedLocation } from "./redacted-location.ts";

describe("the location of a database", () => {
  it.each([
    [
      "postgres://me:secret@db.example:5433/lotty?sslmode=require&password=secret",
      "postgres://me@db.example:5433/lotty",
    ],
    ["postgresql://db/lotty", "postgresql://db/lotty"],
    ["postgres://:secret@db/lotty", "postgres://db/lotty"],
    ["host=db password=secret", "postgres"],
  ])("shows %s without its secrets", (url, location) => {
    expect(redactedLocation(url)).toBe(location);
  });
});
