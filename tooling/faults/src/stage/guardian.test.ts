import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";

function runs(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

test("what a killed runner leaves behind is ended, taken back and removed", async () => {
  const folder = mkdtempSync(join(tmpdir(), "lotty-guardian-"));
  const elsewhere = mkdtempSync(join(tmpdir(), "lotty-guardian-"));
  writeFileSync(join(elsewhere, "mount"), "");
  const module = JSON.stringify(new URL("guardian.ts", import.meta.url).href);
  const code = `const { Guardian } = await import(${module});
    const { spawn } = await import("node:child_process");
    const guardian = new Guardian();
    const child = spawn("sleep", ["1000"], { detached: true, stdio: "ignore" });
    guardian.started(child.pid);
    guardian.folder(${JSON.stringify(folder)});
    guardian.willUndo(["rm", "-r", ${JSON.stringify(elsewhere)}]);
    console.log(child.pid);
    setInterval(() => {}, 1000);`;
  const runner = spawn(process.execPath, ["--input-type=module", "-e", code], { stdio: ["ignore", "pipe", "inherit"] });
  const [line] = (await once(createInterface({ input: runner.stdout }), "line")) as [string];
  const pid = Number(line);
  expect(runs(pid)).toBe(true);
  // What was told travels through a pipe, which the system keeps for the reader.
  await sleep(100);
  runner.kill("SIGKILL");
  for (let look = 0; look < 200 && (runs(pid) || existsSync(folder) || existsSync(elsewhere)); look += 1)
    await sleep(50);
  expect({ runs: runs(pid), folder: existsSync(folder), elsewhere: existsSync(elsewhere) }).toEqual({
    runs: false,
    folder: false,
    elsewhere: false,
  });
});

test("a runner that hangs so that it cannot even look at the clock is ended", async () => {
  const module = JSON.stringify(new URL("guardian.ts", import.meta.url).href);
  const code = `const { Guardian } = await import(${module});
    new Guardian().watch(300);
    // The message has to leave before the event loop stands still.
    await new Promise((resolve) => setTimeout(resolve, 200));
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);`;
  const runner = spawn(process.execPath, ["--input-type=module", "-e", code], { stdio: "ignore" });
  expect(await once(runner, "exit")).toEqual([null, "SIGKILL"]);
});
