import { LottyError } from "@lotty/domain";
import { RecordingLogger } from "@lotty/testkit/fakes/recording-logger";
import { describe, expect, it, vi } from "vitest";
import { startUp } from "./start-up.ts";

const away = () => new LottyError("database_unavailable", "Away.");

function open(attempt: () => Promise<void>) {
  const logger = new RecordingLogger();
  const abort = new AbortController();
  return { logger, abort, ...startUp(attempt, { logger, signal: abort.signal }) };
}

describe("startUp", () => {
  it("is done when the first attempt succeeds", async () => {
    const attempt = vi.fn<() => Promise<void>>(() => Promise.resolve());
    const { attempted, done } = open(attempt);
    await Promise.all([attempted, done]);
    expect(attempt).toHaveBeenCalledOnce();
  });

  it("goes on in the background while the database is away, and is done once it is there", async () => {
    const attempt = vi.fn<() => Promise<void>>(() => Promise.resolve()).mockRejectedValueOnce(away());
    const { attempted, done, logger } = open(attempt);
    await attempted;
    expect(attempt).toHaveBeenCalledTimes(1);
    await done;
    expect(attempt).toHaveBeenCalledTimes(2);
    expect(logger.events).toEqual(["start_put_off"]);
  });

  it("fails for good when the failure is another one", async () => {
    const { attempted, done } = open(() => Promise.reject(new LottyError("schema_mismatch", "Newer.")));
    await expect(attempted).rejects.toMatchObject({ code: "schema_mismatch" });
    await expect(done).rejects.toMatchObject({ code: "schema_mismatch" });
  });

  it("stops when aborted", async () => {
    const attempt = vi.fn<() => Promise<void>>(() => Promise.reject(away()));
    const { abort, attempted, done } = open(attempt);
    await attempted;
    abort.abort();
    await expect(done).rejects.toMatchObject({ name: "AbortError" });
    expect(attempt).toHaveBeenCalledOnce();
  });
});
