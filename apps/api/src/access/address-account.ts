import { isIPv6 } from "node:net";

/** Whether an IP address is one of the machine itself. Compares texts: asking a list of networks would take a microsecond. */
export function isOwnAddress(address: string): boolean {
  return address === "::1" || address.startsWith("127.");
}

/** Groups of 16 bits of an IPv6 network that belongs to one subscriber (RFC 6177). */
const NETWORK_GROUPS = 4;
const GROUPS = 8;

/**
 * Under which name the requests from an address are counted: that of the address, and for IPv6 that of its network of 64
 * bits, of which everybody has at least one, with as many addresses as they like.
 */
export function addressAccount(address: string): string {
  if (!isIPv6(address)) return address;
  const [head = "", tail] = address.toLowerCase().split("::");
  const first = groupsOf(head);
  const last = tail === undefined ? [] : groupsOf(tail);
  const zeros = Array.from({ length: Math.max(0, GROUPS - first.length - last.length) }, () => "0");
  return `${[...first, ...zeros, ...last].slice(0, NETWORK_GROUPS).join(":")}::/64`;
}

function groupsOf(part: string): string[] {
  return part === "" ? [] : part.split(":").map((group) => Number.parseInt(group, 16).toString(16));
}
