import { LottyError } from "@lotty/domain";
import { OFREPProvider } from "@openfeature/ofrep-provider";
import { type Client, ErrorCode, OpenFeature } from "@openfeature/server-sdk";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { EVERY_TYPE_FILE } from "../../testing/every-type-file.ts";
import { ScriptedDecider } from "../../testing/scripted-decider.ts";
import { serveConfiguration, type ServedConfiguration } from "../../testing/serve-configuration.ts";

/** The OpenFeature SDK for servers, through its provider, on a server at this address. */
async function clientOf(url: string, domain: string): Promise<Client> {
  await OpenFeature.setProviderAndWait(domain, new OFREPProvider({ baseUrl: url }));
  return OpenFeature.getClient(domain);
}

afterAll(() => OpenFeature.close());

describe("@openfeature/server-sdk on a running server", () => {
  const ada = { targetingKey: "ada", country: "DE" };
  let server: ServedConfiguration;
  let client: Client;

  beforeAll(async () => {
    server = await serveConfiguration(EVERY_TYPE_FILE);
    client = await clientOf(server.url, "every-type");
  });

  afterAll(() => server.close(0));

  it("evaluates flags of every type", async () => {
    expect(await client.getBooleanValue("dark-mode", false, ada)).toBe(true);
    expect(await client.getStringValue("greeting", "?", ada)).toBe("hello");
    expect(await client.getNumberValue("page-size", 0, ada)).toBe(20);
    expect(await client.getNumberValue("price", 0, ada)).toBe(9.99);
    expect(await client.getObjectValue("layout", {}, ada)).toEqual({ columns: 2, order: ["a", "b"] });
  });

  it("tells variant, reason and the recorded decision", async () => {
    const details = await client.getStringDetails("button", "?", { ...ada, targetingKey: "details" });
    expect(details).toMatchObject({ value: "green", variant: "green", reason: "SPLIT" });
    const [decision] = server.store.decisions.filter(({ subjectId }) => subjectId === "details");
    expect(details.flagMetadata).toEqual({
      decisionId: decision?.decisionId,
      lottyReason: "experiment_assigned",
      experimentId: decision?.experimentId,
      variantId: decision?.variantId,
      flagVersion: 1,
      durability: "committed",
    });
  });

  it("takes a flag that is switched off for a success", async () => {
    const details = await client.getStringDetails("switched-off", "?", ada);
    expect(details).toMatchObject({ value: "off", reason: "DISABLED" });
    expect(details.errorCode).toBeUndefined();
  });

  it("falls back to the code's value for a flag that does not exist", async () => {
    expect(await client.getStringDetails("no-such-flag", "fallback", ada)).toMatchObject({
      value: "fallback",
      errorCode: ErrorCode.FLAG_NOT_FOUND,
    });
  });

  it("falls back to the code's value for a flag of another type", async () => {
    expect(await client.getNumberDetails("greeting", 7, ada)).toMatchObject({
      value: 7,
      errorCode: ErrorCode.TYPE_MISMATCH,
    });
  });

  it("learns that the targeting key is missing", async () => {
    expect(await client.getStringDetails("greeting", "fallback", { country: "DE" })).toMatchObject({
      value: "fallback",
      errorCode: ErrorCode.TARGETING_KEY_MISSING,
    });
  });

  it("learns that the context is not one", async () => {
    const context = { targetingKey: "k".repeat(300) };
    expect(await client.getStringDetails("greeting", "fallback", context)).toMatchObject({
      value: "fallback",
      errorCode: ErrorCode.INVALID_CONTEXT,
    });
  });
});

describe("@openfeature/server-sdk on a server in trouble", () => {
  const decider = new ScriptedDecider();
  let servers: ServedConfiguration[] = [];

  afterEach(async () => {
    await Promise.all(servers.map((server) => server.close(0)));
    servers = [];
    decider.before = () => {};
  });

  it("gets the code's value while the server turns requests away, and is back within two seconds", async () => {
    const server = await serveConfiguration(EVERY_TYPE_FILE, { decider, limits: { maxInFlight: 1 } });
    servers.push(server);
    const client = await clientOf(server.url, "overloaded");
    const busy = Promise.withResolvers<void>();
    decider.before = () => busy.promise;
    const first = client.getStringDetails("greeting", "fallback", { targetingKey: "ada" });
    await expect.poll(() => decider.asked.length).toBeGreaterThan(0);
    const turnedAway = await client.getStringDetails("greeting", "fallback", { targetingKey: "bob" });
    expect(turnedAway).toMatchObject({ value: "fallback", errorCode: ErrorCode.GENERAL });
    busy.resolve();
    expect((await first).value).toBe("wide");
    const back = async (): Promise<unknown> =>
      (await client.getStringDetails("greeting", "fallback", { targetingKey: "bob" })).value;
    await expect.poll(back, { timeout: 2_500, interval: 100 }).toBe("wide");
  });

  it("gets the code's value while the server is not ready, and the server's right after", async () => {
    let ready = false;
    decider.before = () => {
      if (!ready) throw new LottyError("not_ready", "The service is starting.");
    };
    const server = await serveConfiguration(EVERY_TYPE_FILE, { decider });
    servers.push(server);
    const client = await clientOf(server.url, "starting");
    const details = await client.getStringDetails("greeting", "fallback", { targetingKey: "ada" });
    expect(details).toMatchObject({ value: "fallback", errorCode: ErrorCode.GENERAL });
    ready = true;
    expect(await client.getStringValue("greeting", "fallback", { targetingKey: "ada" })).toBe("wide");
  });
});
