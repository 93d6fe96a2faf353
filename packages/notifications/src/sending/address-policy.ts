import { BlockList } from "node:net";
import ipaddr from "ipaddr.js";

/** Ports of public receivers. Receivers in a named network may have any. */
const PUBLIC_PORTS: ReadonlySet<string> = new Set(["443", "8443"]);

/** All that is given out of IPv6 (RFC 4291, section 2.4). Beside it are IPv4-compatible addresses and others of no public use. */
const GLOBAL_UNICAST = ipaddr.parseCIDR("2000::/3");

/** Longest address of a receiver. */
const MAX_URL_LENGTH = 2_048;

/** Which receivers messages may be sent to. */
export class AddressPolicy {
  readonly #allowed = new BlockList();
  readonly #hasAllowed: boolean;

  /** @param allowedNetworks addresses and CIDR networks that are not public and may be sent to all the same, over HTTP and on any port, too */
  constructor(allowedNetworks: readonly string[] = []) {
    this.#hasAllowed = allowedNetworks.length > 0;
    for (const network of allowedNetworks) {
      const [address = "", bits] = network.split("/");
      const family = ipaddr.parse(address).kind();
      this.#allowed.addSubnet(address, bits === undefined ? (family === "ipv4" ? 32 : 128) : Number(bits), family);
    }
  }

  /** What is wrong with an address whatever it leads to; `undefined` when it may be tried. */
  faultOfUrl(text: string): string | undefined {
    if (text.length > MAX_URL_LENGTH) return `The URL has more than ${MAX_URL_LENGTH} characters.`;
    if (!URL.canParse(text)) return "That is no URL.";
    const url = new URL(text);
    if (url.protocol !== "https:" && url.protocol !== "http:") return "The URL has to begin with https://.";
    if (url.username !== "" || url.password !== "") return "The URL must not hold a user name or a password.";
    const literal = literalIn(url);
    if (literal !== undefined) return this.faultOf(url, [literal]);
    return this.#hasAllowed ? undefined : faultOfPublic(url);
  }

  /** What is wrong with an address that leads to these IP addresses; `undefined` when it may be sent to. */
  faultOf(url: URL, addresses: readonly string[]): string | undefined {
    if (addresses.length === 0) return "The name of the host leads nowhere.";
    if (addresses.every((address) => this.#isAllowed(address))) return undefined;
    const forbidden = addresses.find((address) => !isPublic(address) && !this.#isAllowed(address));
    if (forbidden !== undefined) return `The address leads to ${forbidden}, which is not public.`;
    return faultOfPublic(url);
  }

  #isAllowed(address: string): boolean {
    if (!ipaddr.isValid(address)) return false;
    // Mapped addresses are the IPv4 ones that they lead to.
    const parsed = ipaddr.process(address);
    return this.#allowed.check(parsed.toString(), parsed.kind());
  }
}

/** The IP address that a URL has for its host; `undefined` when it has a name. Numbers in any notation are read by `URL` itself. */
export function literalIn({ hostname }: URL): string | undefined {
  const bare = hostname.startsWith("[") ? hostname.slice(1, -1) : hostname;
  return ipaddr.isValid(bare) ? bare : undefined;
}

function isPublic(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  // What leads to IPv4 in a roundabout way (6to4, NAT64, Teredo) is of another range; mapped addresses are taken for what they lead to.
  const parsed = ipaddr.process(address);
  return parsed.range() === "unicast" && (parsed.kind() === "ipv4" || parsed.match(GLOBAL_UNICAST));
}

function faultOfPublic({ port, protocol }: URL): string | undefined {
  if (protocol !== "https:") return "Public receivers have to be spoken to by https.";
  return port === "" || PUBLIC_PORTS.has(port) ? undefined : "Public receivers have to listen on port 443 or 8443.";
}
