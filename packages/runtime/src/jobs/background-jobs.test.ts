import { describe, expect, it } from "vitest";
import { configForTest } from "../testing/config-for-test.ts";
import { runsJobs } from "./background-jobs.ts";

describe("background jobs", () => {
  it("run in workers, and in the API where there can be no worker", () => {
    const alone = configForTest();
    const withRedis = configForTest({ DATABASE_URL: "postgres://localhost/x", REDIS_URL: "redis://localhost" });
    expect(runsJobs(alone, "api")).toBe(true);
    expect(runsJobs(withRedis, "api")).toBe(false);
    expect(runsJobs(withRedis, "worker")).toBe(true);
    expect(runsJobs(alone, "cli")).toBe(false);
  });
});
