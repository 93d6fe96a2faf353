import type { IncomingMessage } from "node:http";
import { describe, expect, it } from "vitest";
import { clientAddress } from "./client-address.ts";

function from(remoteAddress: string | undefined, forwarded?: string): IncomingMessage {
  const headers = forwarded === undefined ? {} : { "x-forwarded-for": forwarded };
  // The part of a request that counts.
  return { socket: { remoteAddress }, headers } as unknown as IncomingMessage;
}

describe("the address of a caller", () => {
  it("is that of the connection, whatever it says of itself", () => {
    const addressOf = clientAddress([]);
    expect(addressOf(from("192.0.2.1", "203.0.113.9"))).toBe("192.0.2.1");
    expect(addressOf(from("::ffff:192.0.2.1"))).toBe("192.0.2.1");
    expect(addressOf(from(undefined))).toBe("unknown");
  });

  it.each([
    ["192.0.2.1", "203.0.113.9", "192.0.2.1"],
    ["10.0.0.7", "203.0.113.9", "203.0.113.9"],
    ["::ffff:10.0.0.7", "203.0.113.9", "203.0.113.9"],
    ["10.0.0.7", "1.1.1.1, 203.0.113.9", "203.0.113.9"],
    ["10.0.0.7", "1.1.1.1, 203.0.113.9, 10.1.2.3", "203.0.113.9"],
    ["10.0.0.7", "10.1.2.3, 10.1.2.4", "10.1.2.3"],
    ["10.0.0.7", "2001:db8::1", "2001:db8::1"],
    ["fd00::7", "203.0.113.9", "203.0.113.9"],
    ["10.0.0.7", "nonsense", "10.0.0.7"],
    ["10.0.0.7", "203.0.113.9, nonsense", "10.0.0.7"],
    ["10.0.0.7", "", "10.0.0.7"],
  ])("connected from %s with %j is %s, behind trusted proxies", (connection, forwarded, address) => {
    const addressOf = clientAddress(["10.0.0.7", "10.1.0.0/16", "fd00::/8"]);
    expect(addressOf(from(connection, forwarded))).toBe(address);
  });
});
