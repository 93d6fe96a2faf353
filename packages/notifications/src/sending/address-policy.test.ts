import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AddressPolicy } from "./address-policy.ts";

const strict = new AddressPolicy();
const lenient = new AddressPolicy(["127.0.0.0/8", "10.1.0.0/16", "fd00::/8", "192.168.7.7"]);

describe("an address of a receiver", () => {
  it("is public, spoken to by https and on a usual port", () => {
    for (const url of ["https://example.com/hook", "https://example.com:8443/?a=b", "https://93.184.216.34/x"]) {
      expect([url, strict.faultOfUrl(url)]).toStrictEqual([url, undefined]);
    }
    for (const url of ["http://example.com/", "https://example.com:22/", "http://93.184.216.34/"]) {
      expect([url, strict.faultOfUrl(url)]).toStrictEqual([url, expect.any(String)]);
    }
  });

  it("has no other scheme, no password, and is a URL", () => {
    for (const url of ["ftp://example.com", "file:///etc/passwd", "https://a:b@example.com/", "example.com", ""]) {
      expect([url, lenient.faultOfUrl(url)]).toStrictEqual([url, expect.any(String)]);
    }
    expect(strict.faultOfUrl(`https://example.com/${"a".repeat(2_048)}`)).toMatch(/2048/);
  });

  it.each([
    "https://127.0.0.1/",
    "https://2130706433/",
    "https://0x7f000001/",
    "https://0177.0.0.1/",
    "https://127.1/",
    "https://0/",
    "https://10.0.0.1/",
    "https://172.16.0.1/",
    "https://192.168.0.1/",
    "https://169.254.169.254/latest/meta-data",
    "https://100.64.0.1/",
    "https://224.0.0.1/",
    "https://255.255.255.255/",
    "https://[::]/",
    "https://[::1]/",
    "https://[::ffff:127.0.0.1]/",
    "https://[::ffff:7f00:1]/",
    "https://[::127.0.0.1]/",
    "https://[64:ff9b::7f00:1]/",
    "https://[2002:7f00:1::]/",
    "https://[fe80::1]/",
    "https://[fd00::1]/",
    "https://[ff02::1]/",
  ])("does not lead into the house: %s", (url) => {
    expect(strict.faultOfUrl(url)).toMatch(/not public/);
  });

  it("may be in a network that is named, over http and on any port, and nowhere else inside", () => {
    for (const address of ["127.0.0.1", "127.9.9.9", "10.1.2.3", "fd00::5", "192.168.7.7", "::ffff:10.1.2.3"]) {
      expect(lenient.faultOf(new URL("http://receiver:9999/"), [address])).toBeUndefined();
    }
    for (const address of ["10.2.0.1", "192.168.7.8", "::1", "169.254.169.254"]) {
      expect(lenient.faultOf(new URL("https://receiver/"), [address])).toMatch(/not public/);
    }
    expect(lenient.faultOf(new URL("http://receiver/"), ["93.184.216.34"])).toMatch(/https/);
  });

  it("is refused when only one of several addresses is inside, and when it leads nowhere", () => {
    const url = new URL("https://example.com/");
    expect(strict.faultOf(url, ["93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946"])).toBeUndefined();
    expect(strict.faultOf(url, ["93.184.216.34", "127.0.0.1"])).toMatch(/127\.0\.0\.1/);
    expect(strict.faultOf(url, [])).toMatch(/nowhere/);
    expect(strict.faultOf(url, ["not an address"])).toMatch(/not public/);
  });

  it("is never inside of a private network, however its number is written", () => {
    const octets = fc.tuple(fc.constantFrom(10, 127), fc.nat(255), fc.nat(255), fc.nat(255));
    fc.assert(
      fc.property(octets, (parts) => {
        const [a, b, c, d] = parts;
        const number = a * 2 ** 24 + b * 2 ** 16 + c * 2 ** 8 + d;
        const forms = [
          parts.join("."),
          String(number),
          `0x${number.toString(16)}`,
          parts.map((part) => `0${part.toString(8)}`).join("."),
          `[::ffff:${parts.join(".")}]`,
        ];
        return forms.every((form) => strict.faultOfUrl(`https://${form}/`)?.includes("not public") === true);
      }),
    );
  });
});
