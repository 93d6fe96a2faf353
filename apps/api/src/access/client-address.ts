import type { IncomingMessage } from "node:http";
import { BlockList, isIP } from "node:net";
import { addNetwork } from "@lotty/config";

/** Tells where a request comes from. */
export type ClientAddress = (request: IncomingMessage) => string;

/** IPv4 addresses as sockets of IPv6 show them. */
const MAPPED = /^::ffff:(?=\d+\.)/i;

/**
 * Reads the address of a caller: that of the connection, and behind trusted proxies the last one in `X-Forwarded-For` that is
 * no trusted proxy itself. What stands before that one, the caller may have made up.
 *
 * @param trusted addresses and networks, as settings have them
 */
export function clientAddress(trusted: readonly string[]): ClientAddress {
  if (trusted.length === 0) return connectionAddress;
  const proxies = new BlockList();
  for (const network of trusted) addNetwork(proxies, network);
  const isProxy = (address: string): boolean => proxies.check(address, isIP(address) === 6 ? "ipv6" : "ipv4");
  return (request) => {
    let address = connectionAddress(request);
    if (isIP(address) === 0) return address;
    const forwarded = [request.headers["x-forwarded-for"] ?? []].flat().join(",").split(",");
    while (isProxy(address)) {
      const before = forwarded.pop()?.trim().replace(MAPPED, "") ?? "";
      if (isIP(before) === 0) break;
      address = before;
    }
    return address;
  };
}

function connectionAddress({ socket }: IncomingMessage): string {
  const { remoteAddress = "unknown" } = socket;
  // Of sockets of IPv4, most of the time: no need for a pattern.
  return remoteAddress.startsWith(":") ? remoteAddress.replace(MAPPED, "") : remoteAddress;
}
