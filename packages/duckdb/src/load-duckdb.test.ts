import { expect, it, vi } from "vitest";
import { loadDuckDb } from "./load-duckdb.ts";

vi.mock("@duckdb/node-api", () => {
  throw new Error("Cannot find package '@duckdb/node-api'");
});

it("says what to install where DuckDB is missing", async () => {
  await expect(loadDuckDb()).rejects.toMatchObject({
    code: "invalid_configuration",
    message: expect.stringContaining("@duckdb/node-api"),
  });
});
