import { Writable } from "node:stream";
import { describe, expect, it } from "vitest";
import { paintFor } from "./paint.ts";
import { textOutput, write } from "./terminal.ts";
import { visibleText } from "./visible-text.ts";

function stream(isTTY: boolean): Writable & { readonly isTTY: boolean } {
  return Object.assign(new Writable({ write: (_piece, _encoding, done) => done() }), { isTTY });
}

describe("textOutput", () => {
  it.each([
    [true, {}, true],
    [true, { NO_COLOR: "1" }, false],
    [true, { NO_COLOR: "" }, true],
    [true, { TERM: "dumb" }, false],
    [false, {}, false],
    [false, { FORCE_COLOR: "1" }, true],
    [false, { FORCE_COLOR: "1", NO_COLOR: "1" }, false],
  ])("with terminal %s and %j uses colours: %s", (isTTY, env, colours) => {
    const output = textOutput(stream(isTTY), env);
    expect(output.colours).toBe(colours);
    expect(paintFor(output)("bad", "x") === "x").toBe(!colours);
  });
});

describe("write", () => {
  it("waits while the stream takes no more", async () => {
    let release: () => void = () => undefined;
    const slow = new Writable({ highWaterMark: 1, write: (_piece, _encoding, done) => (release = done) });
    let written = false;
    const writing = write(textOutput(slow, {}), "much").then(() => (written = true));
    await new Promise((resolve) => setImmediate(resolve));
    expect(written).toBe(false);
    release();
    await writing;
    expect(written).toBe(true);
  });
});

describe("visibleText", () => {
  it("shows what would steer the terminal, and leaves the rest", () => {
    expect(visibleText("a\u001b[2J\u202eb\nç😀")).toBe("a\\u{1b}[2J\\u{202e}b\nç😀");
  });
});
