import { spawnSync, type SpawnSyncReturns } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";

let house = "";

beforeAll(() => {
  house = mkdtempSync(join(tmpdir(), "lotty-bootstrap-"));
  mkdirSync(join(house, "tooling"));
  cpSync(fileURLToPath(new URL(".", import.meta.url)), join(house, "tooling/bootstrap"), { recursive: true });
  const manifest = { devEngines: { packageManager: { name: "pnpm", version: "12.21.0" } } };
  writeFileSync(join(house, "package.json"), JSON.stringify(manifest));
});

afterAll(() => {
  rmSync(house, { recursive: true, force: true });
});

/** Runs the bootstrap of a repository in which nothing is installed, on a machine that has only Node. */
function run(...args: readonly string[]): SpawnSyncReturns<string> {
  return spawnSync(process.execPath, [join(house, "tooling/bootstrap/run.mjs"), ...args], {
    encoding: "utf8",
    env: { PATH: "/nowhere" },
  });
}

test("says what is missing when there is neither pnpm nor npm", () => {
  const { status, stderr } = run("start");
  expect(status).toBe(1);
  expect(stderr).toContain("neither that version nor npm");
  expect(stderr).not.toMatch(/^\s+at /m);
});

test("counts one failure when the tests could not be run", () => {
  const { status, stdout } = run("test");
  expect(status).toBe(1);
  expect(stdout.trimEnd().split("\n").at(-1)).toBe("0 passed, 1 failed");
});

test("names the tasks when asked for another", () => {
  const { status, stderr } = run("toString");
  expect(status).toBe(1);
  expect(stderr).toMatch(/There are: start, .*test\.$/m);
});
