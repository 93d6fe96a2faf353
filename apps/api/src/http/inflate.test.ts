import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { inflate } from "./inflate.ts";

describe("unpacking a body", () => {
  it("gives what was packed, up to the limit exactly", async () => {
    const packed = gzipSync(Buffer.alloc(1_000, "x"));
    expect(await inflate(packed, 1_000)).toMatchObject({ status: "done", body: Buffer.alloc(1_000, "x") });
    expect(await inflate(packed, 999)).toEqual({ status: "too_large" });
  });

  it("does not unpack a bomb", async () => {
    const bomb = gzipSync(Buffer.alloc(200_000_000));
    expect(bomb.length).toBeLessThan(250_000);
    const before = process.memoryUsage().rss;
    expect(await inflate(bomb, 1_048_576)).toEqual({ status: "too_large" });
    expect(process.memoryUsage().rss - before).toBeLessThan(50_000_000);
  });

  it("tells what is no gzip, or only a part of one", async () => {
    expect(await inflate(Buffer.from("plain"), 1_000)).toEqual({ status: "damaged" });
    expect(await inflate(gzipSync("hello").subarray(0, 12), 1_000)).toEqual({ status: "damaged" });
  });
});
