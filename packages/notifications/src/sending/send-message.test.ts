import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { answering, openReceiver, type Receiver } from "../testing/receiver.ts";
import { AddressPolicy } from "./address-policy.ts";
import { sendMessage, type Resolver, type SendingParts, type SendOutcome } from "./send-message.ts";

const policy = new AddressPolicy(["127.0.0.1"]);
const parts: SendingParts = { policy, timeoutMillis: 5_000 };

let receiver: Receiver;
beforeEach(async () => {
  receiver = await openReceiver();
});
afterEach(() => receiver.close());

function send(url: string, more: Partial<SendingParts> = {}): Promise<SendOutcome> {
  return sendMessage({ url, headers: { "webhook-id": "msg_1" }, body: '{"ä":1}' }, { ...parts, ...more });
}

describe("sending a message", () => {
  it("posts it as JSON, and is done when the receiver says so", async () => {
    receiver.answer = answering(201, "thanks");
    expect(await send(receiver.url)).toStrictEqual({ status: 201, fault: null, answer: "thanks" });
    expect(receiver.received).toMatchObject([
      { body: '{"ä":1}', headers: { "webhook-id": "msg_1", "content-type": "application/json" } },
    ]);
  });

  it("has failed by any other answer, and tells how it begins", async () => {
    receiver.answer = answering(503, `\u0000later${"x".repeat(100_000)}`);
    const { answer, fault, status } = await send(receiver.url);
    expect({ status, fault }).toStrictEqual({ status: 503, fault: "The receiver answered with 503." });
    expect(answer.startsWith("later")).toBe(true);
    expect(answer.length).toBeLessThan(1_100);
  });

  it.each([301, 302, 303, 307, 308])("follows no redirect: %i", async (status) => {
    receiver.answer = answering(status, "", { location: receiver.url });
    expect(await send(receiver.url)).toMatchObject({ status, fault: expect.stringContaining("not followed") });
    expect(receiver.received).toHaveLength(1);
  });

  it("gives up a receiver that hangs, before or within its answer", async () => {
    const late = { timeoutMillis: 200 };
    receiver.answer = () => undefined;
    expect(await send(receiver.url, late)).toMatchObject({ status: null, fault: "There was no answer within 0.2 s." });
    receiver.answer = (response) => {
      response.writeHead(200).write("a");
    };
    expect(await send(receiver.url, late)).toMatchObject({ status: null, fault: expect.stringContaining("0.2 s") });
    const never: Resolver = () => new Promise(() => undefined);
    expect(await send("https://example.com/", { ...late, resolve: never })).toMatchObject({
      status: null,
      fault: expect.stringContaining("0.2 s"),
    });
  });

  it("reaches nobody where nobody listens, and does not throw", async () => {
    await receiver.close();
    expect(await send(receiver.url)).toMatchObject({ status: null, fault: expect.stringContaining("ECONNREFUSED") });
    expect(await send("no url")).toMatchObject({ status: null, fault: expect.any(String) });
  });

  it("connects to the addresses that were checked, although the name leads elsewhere by then", async () => {
    const resolve = vi.fn<Resolver>().mockResolvedValueOnce(["127.0.0.1"]).mockResolvedValue(["10.0.0.1"]);
    const url = `http://rebinding.example:${receiver.port}/`;
    expect(await send(url, { resolve })).toMatchObject({ status: 204 });
    expect(resolve).toHaveBeenCalledOnce();
    expect(receiver.received[0]?.headers.host).toBe(`rebinding.example:${receiver.port}`);
  });

  it.each([["127.0.0.1"], ["::ffff:127.0.0.1"], ["::1"], ["169.254.169.254"]])(
    "sends nothing to a name that leads inside, to %s",
    async (address) => {
      const resolve: Resolver = () => Promise.resolve([address]);
      const outcome = await send(`https://inside.example:8443/`, { policy: new AddressPolicy(), resolve });
      expect(outcome).toMatchObject({ status: null, fault: expect.stringContaining("not public") });
      expect(receiver.received).toStrictEqual([]);
    },
  );

  it("sends nothing to numbers that lead inside", async () => {
    for (const host of ["2130706433", "0x7f.1", "[::ffff:127.0.0.1]", "localhost"]) {
      const outcome = await send(`http://${host}:${receiver.port}/`, { policy: new AddressPolicy() });
      expect(outcome).toMatchObject({ status: null, fault: expect.any(String) });
    }
    expect(receiver.received).toStrictEqual([]);
  });

  it("ends when the process does", async () => {
    const ending = new AbortController();
    receiver.answer = () => ending.abort();
    expect(await send(receiver.url, { signal: ending.signal })).toMatchObject({ status: null });
  });
});
