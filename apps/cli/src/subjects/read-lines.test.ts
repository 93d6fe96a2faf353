import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type InputLine, MAX_LINE_BYTES, readLines } from "./read-lines.ts";

async function linesOf(pieces: readonly Buffer[]): Promise<readonly InputLine[]> {
  const lines: InputLine[] = [];
  for await (const batch of readLines(asStream(pieces))) lines.push(...batch);
  return lines;
}

async function* asStream(pieces: readonly Buffer[]): AsyncGenerator<Buffer> {
  yield* pieces;
}

describe("readLines", () => {
  it("gives the same lines however the bytes are cut into pieces", async () => {
    const unit = fc.constantFrom("a", "\n", "ä", "\u{1f600}", " ");
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit, maxLength: 40 }),
        fc.array(fc.nat(60), { maxLength: 5 }),
        async (text, cuts) => {
          const bytes = Buffer.from(text);
          const places = [...new Set([0, ...cuts.map((cut) => Math.min(cut, bytes.length)), bytes.length])].toSorted(
            (a, b) => a - b,
          );
          const pieces = places.slice(1).map((end, index) => bytes.subarray(places[index], end));
          const expected = text.split("\n");
          if (expected.at(-1) === "") expected.pop();
          expect((await linesOf(pieces)).map((line) => line.text)).toEqual(expected);
        },
      ),
    );
  });

  it("numbers lines from 1", async () => {
    const lines = await linesOf([Buffer.from("a\n\nb")]);
    expect(lines.map(({ number, text }) => [number, text])).toEqual([
      [1, "a"],
      [2, ""],
      [3, "b"],
    ]);
  });

  it("leaves a byte order mark at the start out", async () => {
    expect(await linesOf([Buffer.from("\u{feff}a\n\u{feff}b\n")])).toMatchObject([
      { text: "a" },
      { text: "\u{feff}b" },
    ]);
  });

  it("does not take bytes for text that are none", async () => {
    const lines = await linesOf([Buffer.from([0x61, 0xff, 0x0a, 0x62, 0x0a])]);
    expect(lines).toEqual([
      { number: 1, text: null, fault: "not UTF-8" },
      { number: 2, text: "b" },
    ]);
  });

  it("does not keep lines that are too long", async () => {
    const piece = Buffer.alloc(300_000, "x");
    const lines = await linesOf([piece, piece, piece, piece, Buffer.from("\nb\n")]);
    expect(lines).toMatchObject([
      { text: null, fault: `longer than ${MAX_LINE_BYTES} bytes` },
      { number: 2, text: "b" },
    ]);
  });
});
