import { LottyError } from "@lotty/domain";
import { OFREPWebProvider } from "@openfeature/ofrep-web-provider";
import {
  type Client,
  ErrorCode,
  OpenFeature,
  type Provider,
  ProviderEvents,
  ProviderStatus,
} from "@openfeature/web-sdk";
import { EventSource } from "eventsource";
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { EVERY_TYPE_FILE } from "../../testing/every-type-file.ts";
import { ScriptedDecider } from "../../testing/scripted-decider.ts";
import { serveConfiguration, type ServedConfiguration } from "../../testing/serve-configuration.ts";

const ada = { targetingKey: "ada", country: "DE" };

let server: ServedConfiguration;
/** What the client asked, and how it was answered. */
let exchanges: { readonly url: string; readonly ifNoneMatch: string | null; readonly status: number }[];
let domains = 0;

beforeEach(async () => {
  // What browsers have; without it, the provider does not listen for changes.
  vi.stubGlobal("EventSource", EventSource);
  server = await serveConfiguration(EVERY_TYPE_FILE);
  exchanges = [];
});

afterEach(async () => {
  await OpenFeature.clearProviders();
  await server.close(0);
  vi.unstubAllGlobals();
});

afterAll(() => OpenFeature.close());

/** The OpenFeature SDK for browsers, through its provider, for a subject. */
async function clientFor(context: Record<string, string>, baseUrl = server.url): Promise<Client> {
  const domain = `web-${(domains += 1)}`;
  const fetchImplementation: typeof fetch = async (input, init) => {
    const request = new Request(input, init);
    const ifNoneMatch = request.headers.get("if-none-match");
    const response = await fetch(request);
    exchanges.push({ url: request.url, ifNoneMatch, status: response.status });
    return response;
  };
  await OpenFeature.setContext(domain, context);
  const provider = new OFREPWebProvider({ baseUrl, cacheMode: "disabled", fetchImplementation });
  // The provider's types come from a compiler that tells absent and undefined fields apart less exactly.
  await OpenFeature.setProviderAndWait(domain, provider as Provider);
  return OpenFeature.getClient(domain);
}

describe("@openfeature/web-sdk on a server in trouble", () => {
  it.each([
    ["cannot decide", "database_unavailable", ProviderEvents.Error],
    ["has too much to do", "overloaded", ProviderEvents.Stale],
  ] as const)("keeps what it has while the server %s, and says so", async (_, code, event) => {
    const decider = new ScriptedDecider();
    const troubled = await serveConfiguration(EVERY_TYPE_FILE, { decider });
    const client = await clientFor(ada, troubled.url);
    const told = Promise.withResolvers<void>();
    client.addHandler(event, () => told.resolve());
    decider.before = () => {
      throw new LottyError(code, "Not now.");
    };
    await OpenFeature.setContext(client.metadata.domain ?? "", { targetingKey: "bob" });
    await told.promise;
    expect(exchanges.at(-1)?.status).toBe(code === "overloaded" ? 429 : 503);
    expect(client.getStringValue("greeting", "fallback")).toBe("wide");
    await OpenFeature.clearProviders();
    await troubled.close(0);
  });
});

describe("@openfeature/web-sdk on a running server", () => {
  it("evaluates flags of every type from one request, and nothing is recorded", async () => {
    const client = await clientFor(ada);
    expect(client.getBooleanValue("dark-mode", false)).toBe(true);
    expect(client.getStringValue("greeting", "?")).toBe("hello");
    expect(client.getNumberValue("page-size", 0)).toBe(20);
    expect(client.getNumberValue("price", 0)).toBe(9.99);
    expect(client.getObjectValue("layout", {})).toEqual({ columns: 2, order: ["a", "b"] });
    expect(client.getStringDetails("button", "?")).toMatchObject({ value: "green", variant: "green", reason: "SPLIT" });
    expect(client.getStringDetails("switched-off", "?")).toMatchObject({ value: "off", reason: "DISABLED" });
    expect(exchanges.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(server.store.decisions).toEqual([]);
  });

  it("falls back to the code's value for what does not exist or has another type", async () => {
    const client = await clientFor(ada);
    expect(client.getStringDetails("no-such-flag", "fallback")).toMatchObject({
      value: "fallback",
      errorCode: ErrorCode.FLAG_NOT_FOUND,
    });
    expect(client.getNumberDetails("greeting", 7)).toMatchObject({ value: 7, errorCode: ErrorCode.TYPE_MISMATCH });
  });

  it("does not get ready without a targeting key", async () => {
    await expect(clientFor({ country: "DE" })).rejects.toThrow("Failed OFREP bulk evaluation request, status: 400");
    expect(exchanges).toMatchObject([{ status: 400 }]);
  });

  it("evaluates anew for another context", async () => {
    const client = await clientFor(ada);
    await OpenFeature.setContext(client.metadata.domain ?? "", { targetingKey: "bob", country: "FR" });
    expect(client.getStringDetails("button", "?")).toMatchObject({ value: "grey", reason: "STATIC" });
  });

  it("hears of a change and gets the new values without asking for them", async () => {
    const client = await clientFor(ada);
    const changed = Promise.withResolvers<readonly string[]>();
    client.addHandler(ProviderEvents.ConfigurationChanged, (details) => changed.resolve(details?.flagsChanged ?? []));
    await expect.poll(() => server.streams.size).toBe(1);
    await server.change(EVERY_TYPE_FILE.replace("default: hello", "default: good day"));
    expect(await changed.promise).toEqual(["greeting"]);
    expect(client.getStringValue("greeting", "?")).toBe("good day");
  });

  it("keeps what it has when nothing changed: 304 by its tag", async () => {
    const client = await clientFor(ada);
    // The stream tells the newest revision when it begins, in case that came between the answer and the stream.
    await expect.poll(() => exchanges.at(-1)).toMatchObject({ status: 304 });
    expect(exchanges.at(-1)?.ifNoneMatch).toMatch(/^"\w{32}"$/);
    expect(exchanges.at(-1)?.url).toContain("flagConfigEtag=");
    expect(client.getStringValue("greeting", "?")).toBe("hello");
    expect(client.providerStatus).toBe(ProviderStatus.READY);
  });
});
