import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { LOCK_FILE, lockDirectory } from "./directory-lock.ts";
import { isRunning, thisProcess } from "./process-identity.ts";

describe("the lock of a directory", () => {
  let directory: string;
  let path: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "lotty-lock-"));
    path = join(directory, LOCK_FILE);
  });
  afterEach(() => rm(directory, { recursive: true }));

  const inUse = (pid: number): object => ({ code: "data_directory_in_use", details: { pid, path } });

  it("is held by one at a time, and says by whom", async () => {
    const lock = await lockDirectory(directory);
    await expect(lockDirectory(directory)).rejects.toMatchObject(inUse(process.pid));
    await expect(lockDirectory(directory)).rejects.toThrow(String(process.pid));
    await lock.release();
    await (await lockDirectory(directory)).release();
    expect(await readdir(directory)).toStrictEqual([]);
  });

  it("goes to exactly one of many who want it", async () => {
    await writeFile(path, JSON.stringify({ pid: process.pid, startedAt: "another:1" }));
    const outcomes = await Promise.allSettled(Array.from({ length: 20 }, () => lockDirectory(directory)));
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect(await readdir(directory)).toStrictEqual([LOCK_FILE]);
  });

  it("goes to one also when who takes it over dies half-way", async () => {
    const stale = JSON.stringify({ pid: process.pid, startedAt: "another:1" });
    await writeFile(path, stale);
    const right = `${path}.${createHash("sha256").update(stale).digest("hex").slice(0, 16)}`;
    await writeFile(right, JSON.stringify({ pid: process.pid, startedAt: "another:2" }));
    const outcomes = await Promise.allSettled(Array.from({ length: 20 }, () => lockDirectory(directory)));
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect(await readdir(directory)).toStrictEqual([LOCK_FILE]);
  });

  it("is refused while another process that holds it runs, and taken over when it has died", async () => {
    const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
    await once(child, "spawn");
    const pid = child.pid ?? 0;
    await writeFile(path, JSON.stringify({ pid }));
    await expect(lockDirectory(directory)).rejects.toMatchObject(inUse(pid));
    child.kill("SIGKILL");
    await once(child, "exit");
    const lock = await lockDirectory(directory);
    expect(await readFile(path, "utf8")).toContain(String(process.pid));
    await lock.release();
  });

  it("is taken over when the number of its process belongs to a later one", async () => {
    await writeFile(path, JSON.stringify({ ...(await thisProcess()), startedAt: "boot:1" }));
    const lock = await lockDirectory(directory);
    expect(JSON.parse(await readFile(path, "utf8"))).toMatchObject(await thisProcess());
    await lock.release();
  });

  it.each(["", "{", "null", '{"pid":"1"}', "123"])("is taken over when the file reads %j", async (text) => {
    await writeFile(path, text);
    const lock = await lockDirectory(directory);
    expect(JSON.parse(await readFile(path, "utf8"))).toMatchObject(await thisProcess());
    await lock.release();
  });

  it("is released by its holder only, and as often as one likes", async () => {
    const lock = await lockDirectory(directory);
    await lock.release();
    await writeFile(path, JSON.stringify({ pid: 1 }));
    await lock.release();
    expect(await readdir(directory)).toStrictEqual([LOCK_FILE]);
  });
});

describe("the identity of a process", () => {
  it("tells a process from a later one of the same number", async () => {
    const self = await thisProcess();
    expect(self.pid).toBe(process.pid);
    expect(await isRunning(self)).toBe(true);
    expect(await isRunning({ pid: process.pid })).toBe(true);
    expect(await isRunning({ ...self, startedAt: `${self.startedAt}0` })).toBe(self.startedAt === undefined);
  });
});
