import { createServer, type AddressInfo } from "node:net";
import { DEFAULT_ENVIRONMENT_ID } from "@lotty/domain";
import { RecordingLogger } from "@lotty/testkit/fakes/recording-logger";
import { createTestDatabase } from "@lotty/testkit/servers/postgres";
import { describe, expect, it } from "vitest";
import { openPostgres } from "./open-postgres.ts";

describe("openPostgres", () => {
  const logger = new RecordingLogger();
  const unavailable = { code: "database_unavailable", retryable: true };

  it("opens while the server is away, and says so when it is asked for something", async () => {
    const storage = await openPostgres({ url: "postgres://somebody:secret@127.0.0.1:1/none", logger });
    expect(storage.location).toBe("postgres://somebody@127.0.0.1:1/none");
    await expect(storage.ping()).rejects.toMatchObject(unavailable);
    await expect(storage.migrate()).rejects.toMatchObject(unavailable);
    await expect(storage.configuration.revision(DEFAULT_ENVIRONMENT_ID)).rejects.toMatchObject(unavailable);
    await expect(storage.notices.subscribe(() => undefined)).rejects.toMatchObject(unavailable);
    await storage.close();
  });

  it("gives up on a server that accepts connections and says nothing", async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const url = `postgres://127.0.0.1:${port}/none`;
    const storage = await openPostgres({ url, connectTimeoutMillis: 200, logger });
    await expect(storage.ping()).rejects.toMatchObject(unavailable);
    await storage.close();
    server.close();
  });

  it("is a session that can be told from others, and that closes twice", async () => {
    const database = await createTestDatabase();
    const storage = await openPostgres({ url: database.url, logger });
    await expect(storage.ping()).resolves.toBeUndefined();
    expect(storage.kind).toBe("postgres");
    await Promise.all([storage.close(), storage.close()]);
    await storage.close();
    await expect(storage.ping()).rejects.toMatchObject(unavailable);
    await database.drop();
  });
});
