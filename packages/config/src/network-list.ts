import { BlockList, isIP } from "node:net";

/** Reads one address, or one network in CIDR form, into a list; `false` when it is neither. */
export function addNetwork(list: BlockList, text: string): boolean {
  const [address = "", bits, ...rest] = text.split("/");
  const version = isIP(address);
  if (version === 0 || rest.length > 0) return false;
  const family = version === 4 ? "ipv4" : "ipv6";
  if (bits === undefined) {
    list.addAddress(address, family);
    return true;
  }
  if (!/^\d{1,3}$/.test(bits) || Number(bits) > (version === 4 ? 32 : 128)) return false;
  list.addSubnet(address, Number(bits), family);
  return true;
}

/** The addresses and networks of a comma-separated text, or `undefined` when one of them is none. */
export function readNetworks(text: string): readonly string[] | undefined {
  const names = text.split(",").map((name) => name.trim());
  return names.every((name) => addNetwork(new BlockList(), name)) ? names : undefined;
}
