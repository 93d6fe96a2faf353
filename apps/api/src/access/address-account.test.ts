import { describe, expect, it } from "vitest";
import { addressAccount, isOwnAddress } from "./address-account.ts";

describe("the account of an address", () => {
  it.each([
    ["192.0.2.7", "192.0.2.7"],
    ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"],
    ["2001:db8:1:2::", "2001:db8:1:2::/64"],
    ["2001:0DB8:0001:2::ffff", "2001:db8:1:2::/64"],
    ["2001:db8::1", "2001:db8:0:0::/64"],
    ["::2", "0:0:0:0::/64"],
    ["fe80::1%eth0", "fe80:0:0:0::/64"],
    ["64:ff9b::192.0.2.7", "64:ff9b:0:0::/64"],
    ["unknown", "unknown"],
  ])("of %s is %s", (address, account) => {
    expect(addressAccount(address)).toBe(account);
  });
});

describe("an address", () => {
  it.each(["127.0.0.1", "127.8.9.1", "::1"])("%s is the machine's own", (address) => {
    expect(isOwnAddress(address)).toBe(true);
  });

  it.each(["1.127.0.0", "10.0.0.1", "::2", "unknown"])("%s is not", (address) => {
    expect(isOwnAddress(address)).toBe(false);
  });
});
