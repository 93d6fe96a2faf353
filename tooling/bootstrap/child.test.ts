import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, expect, test } from "vitest";

const child = new URL("child.mjs", import.meta.url).href;
const followParent = new URL("follow-parent.mjs", import.meta.url).href;
const started: ChildProcess[] = [];

afterEach(() => {
  for (const process of started.splice(0)) process.kill("SIGKILL");
});

/** Starts a bootstrap that runs `code` as its child; resolves when the child has printed its process id. */
async function bootstrap(code: string): Promise<{ parent: ChildProcess; childId: number }> {
  const childArgs = ["--import", followParent, "-e", `${code}; setInterval(() => {}, 1000); console.log(process.pid)`];
  const options = { stdio: ["ignore", "inherit", "inherit"], graceMillis: 60_000 };
  const parent = spawn(
    process.execPath,
    [
      "--input-type=module",
      "-e",
      `import { exitCode, runChild } from ${JSON.stringify(child)};
       process.exitCode = exitCode(await runChild(process.execPath, ${JSON.stringify(childArgs)}, ${JSON.stringify(options)}));`,
    ],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  started.push(parent);
  const printed: unknown[] = await once(createInterface({ input: parent.stdout }), "line");
  return { parent, childId: Number(printed[0]) };
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

async function isGone(pid: number): Promise<boolean> {
  for (let attempt = 0; attempt < 100 && isAlive(pid); attempt += 1) await sleep(50);
  return !isAlive(pid);
}

test("a signal reaches the child, whose exit code becomes that of the bootstrap", async () => {
  const { parent, childId } = await bootstrap("process.on('SIGTERM', () => process.exit(7))");
  parent.kill("SIGTERM");
  expect(await once(parent, "exit")).toEqual([7, null]);
  expect(isAlive(childId)).toBe(false);
});

test("a child that dies of a signal gives the code that shells give", async () => {
  const { parent } = await bootstrap("");
  parent.kill("SIGINT");
  expect(await once(parent, "exit")).toEqual([130, null]);
});

test("a signal that arrives twice at once is passed on once", async () => {
  const { parent } = await bootstrap("process.on('SIGINT', () => setTimeout(() => process.exit(7), 300))");
  parent.kill("SIGINT");
  await sleep(50);
  parent.kill("SIGINT");
  expect(await once(parent, "exit")).toEqual([7, null]);
});

test("a later second signal kills a child that ignores the first", async () => {
  const { parent, childId } = await bootstrap("process.on('SIGINT', () => {})");
  parent.kill("SIGINT");
  await sleep(1_100);
  expect(isAlive(childId)).toBe(true);
  parent.kill("SIGINT");
  expect(await once(parent, "exit")).toEqual([137, null]);
});

test("the child ends itself when the bootstrap is killed", async () => {
  const { parent, childId } = await bootstrap("");
  parent.kill("SIGKILL");
  expect(await isGone(childId)).toBe(true);
});
