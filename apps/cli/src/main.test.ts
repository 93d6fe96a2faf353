import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const main = fileURLToPath(new URL("main.ts", import.meta.url));
const demo = fileURLToPath(new URL("../../../demo/lotty.yaml", import.meta.url));

const MANY = 200_000;
const SOME = 40_000;

/** Heap of every program here, in MB. What goes through a run is larger than this, so it cannot be kept. */
const HEAP_MB = 64;

let directory = "";
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "lotty-main-"));
});
afterAll(async () => rm(directory, { recursive: true, force: true }));

async function writeSubjects(name: string, count: number): Promise<string> {
  const path = join(directory, name);
  const file = createWriteStream(path);
  for (let from = 0; from < count; from += 1_000) {
    const lines = Array.from({ length: 1_000 }, (_, index) => subjectLine(from + index));
    if (!file.write(lines.join(""))) await once(file, "drain");
  }
  file.end();
  await once(file, "finish");
  return path;
}

function subjectLine(index: number): string {
  if (index % 10_000 === 777) return "{oops\n";
  return `${JSON.stringify({ subject_id: `user-${index}`, attributes: { country: index % 2 === 0 ? "DE" : "US", plan: "free" } })}\n`;
}

function start(...args: readonly string[]): ChildProcess {
  const node = [`--max-old-space-size=${HEAP_MB}`, "--conditions=@lotty/source"];
  return spawn(process.execPath, [...node, main, ...args], { stdio: ["ignore", "pipe", "pipe"] });
}

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly talk: string;
}

async function ended(child: ChildProcess): Promise<Ended> {
  const { stdout, stderr } = child;
  if (stdout === null || stderr === null) throw new Error("the streams are pipes");
  const [out, talk, [code]] = await Promise.all([text(stdout), text(stderr), once(child, "close")]);
  return { code: typeof code === "number" ? code : null, out, talk };
}

function decideAll(subjects: string, out: string): ChildProcess {
  const flags = ["checkout-button-colour", "search-results-per-page"];
  return start("decide", ...flags, "--definitions", demo, "--subjects", subjects, "--out", join(directory, out));
}

async function untilLarger(path: string, bytes: number, child: ChildProcess): Promise<void> {
  while (((await stat(path).catch(() => undefined))?.size ?? 0) <= bytes) {
    if (child.exitCode !== null) throw new Error("the run ended before it was stopped");
    await wait(10);
  }
}

/** Largest resident set of a running process so far, in kB. */
async function peakMemory(child: ChildProcess): Promise<number> {
  const status = await readFile(`/proc/${child.pid ?? 0}/status`, "utf8").catch(() => "");
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0);
}

describe("the lotty program", { timeout: 180_000 }, () => {
  it("ends with the codes of the table", async () => {
    const codes = await Promise.all(
      [["--help"], ["rule", "check", "a ="], ["nonsense"], ["apply", "/no/such/file"]].map(
        async (args) => (await ended(start(...args))).code,
      ),
    );
    expect(codes).toEqual([0, 1, 2, 3]);
  });

  it("decides for a long file in bounded memory", async () => {
    const run = decideAll(await writeSubjects("many.ndjson", MANY), "many.out");
    let peak = 0;
    const watch = setInterval(() => void peakMemory(run).then((kb) => (peak = Math.max(peak, kb))), 50);
    const startedAt = performance.now();
    const { code, talk } = await ended(run);
    clearInterval(watch);
    const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
    process.stdout.write(`${MANY} subjects in ${seconds} s, at most ${Math.round(peak / 1_024)} MB\n`);
    expect(code).toBe(1);
    expect(talk).toContain("20 lines not usable");
    const { size } = await stat(join(directory, "many.out"));
    expect(size).toBeGreaterThan(HEAP_MB * 1_048_576);
  });

  it("goes on after Ctrl-C and after being killed, with the same result as without", async () => {
    const subjects = await writeSubjects("some.ndjson", SOME);
    expect((await ended(decideAll(subjects, "whole"))).code).toBe(1);

    const interrupted = decideAll(subjects, "resumed");
    await untilLarger(join(directory, "resumed.part"), 1_000_000, interrupted);
    interrupted.kill("SIGINT");
    const stopped = await ended(interrupted);
    expect(stopped.code).toBe(130);
    expect(stopped.talk).toContain("The same command goes on from here.");

    const killed = decideAll(subjects, "resumed");
    await untilLarger(join(directory, "resumed.part"), 5_000_000, killed);
    killed.kill("SIGKILL");
    expect((await ended(killed)).code).toBeNull();

    const finished = await ended(decideAll(subjects, "resumed"));
    expect(finished.talk).toMatch(/Going on after line \d+/);
    expect(finished.code).toBe(1);
    for (const end of ["", ".errors.ndjson"]) {
      const [expected, found] = await Promise.all(
        ["whole", "resumed"].map((name) => readFile(join(directory, name + end), "utf8")),
      );
      expect(found === expected).toBe(true);
    }
  });

  it("ends well when nobody reads the rest of its output", async () => {
    const subjects = await writeSubjects("unread.ndjson", SOME);
    const child = start("decide", "support-chat", "--definitions", demo, "--subjects", subjects);
    child.stdout?.once("data", () => child.stdout?.destroy());
    const [code] = await once(child, "close");
    expect(code).toBe(0);
  });
});
