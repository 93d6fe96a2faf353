import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";

const PRELOADED = new URL("next-version.ts", import.meta.url).href;
const LIST = new URL("../../../../packages/persistence/src/migrations/migration-list.ts", import.meta.url).href;

/** The names of all steps of the schema, as a process has them that is started with these options. */
function stepsWith(...options: readonly string[]): readonly string[] {
  const code = `const { MIGRATIONS } = await import(${JSON.stringify(LIST)});
    console.log(JSON.stringify(MIGRATIONS.map(({ name }) => name)));`;
  const args = ["--conditions=@lotty/source", ...options, "--input-type=module", "-e", code];
  const { stderr, stdout } = spawnSync(process.execPath, args, { encoding: "utf8" });
  if (stdout === "") throw new Error(stderr);
  return JSON.parse(stdout) as string[];
}

test("the next version has the steps of this one and one more", () => {
  const steps = stepsWith();
  expect(steps.length).toBeGreaterThan(0);
  expect(stepsWith("--import", PRELOADED)).toEqual([...steps, "9999_next_version"]);
});
