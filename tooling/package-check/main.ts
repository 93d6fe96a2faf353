/**
 * Checks the packages as their users get them: packed, installed into an empty project, imported, type-checked, and the
 * engine run as in a browser. Closes with `N passed, N failed`. The packages have to be built.
 */
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { closingLine } from "../test-runner/counts.ts";
import { installPacked } from "./install-packed.ts";
import { packAll, type PackedPackage } from "./pack.ts";
import { repository, runTool, type ToolResult } from "./run-tool.ts";

let passed = 0;
let failed = 0;

function check(title: string, result: ToolResult): void {
  if (result.ok) passed += 1;
  else failed += 1;
  console.log(`${result.ok ? "ok" : "FAILED"}  ${title}`);
  if (!result.ok) console.log(result.output.trimEnd());
}

const folder = mkdtempSync(join(tmpdir(), "lotty-package-check-"));
try {
  const packages = packAll(folder);
  for (const pack of packages) checkPackage(pack);
  checkProject(installPacked(packages, folder), packages);
} catch (error) {
  check("packages can be packed and installed", { ok: false, output: String(error) });
} finally {
  rmSync(folder, { recursive: true, force: true });
}
console.log(closingLine({ passed, failed }));
process.exitCode = failed === 0 ? 0 : 1;

function checkPackage({ name, tarball, manifest }: PackedPackage): void {
  check(`${name}: publint`, runTool("publint", ["--strict", tarball]));
  check(`${name}: types resolve`, runTool("attw", ["--profile", "esm-only", "--no-definitely-typed", tarball]));
  const open = Object.entries(manifest.dependencies ?? {}).filter(([, version]) => version.includes(":"));
  check(`${name}: dependencies have plain versions`, { ok: open.length === 0, output: JSON.stringify(open) });
}

function checkProject(project: string, packages: readonly PackedPackage[]): void {
  cpSync(join(repository, "tooling/package-check/consumer"), project, { recursive: true });
  for (const { name } of packages) {
    check(`${name}: can be imported`, runTool(process.execPath, ["import-each.mjs", name], project));
  }
  check("all: can be type-checked against", typeCheck(project, packages));
  const node = runTool(process.execPath, ["bucket.mjs"], project);
  const browser = runTool(process.execPath, ["--import", "./as-browser.mjs", "bucket.mjs"], project);
  check("@lotty/engine: runs without Node's modules", browser);
  const same = node.ok && node.output === browser.output;
  check("@lotty/engine: same buckets with and without Node's modules", {
    ok: same,
    output: `with:    ${node.output}without: ${browser.output}`,
  });
}

function typeCheck(project: string, packages: readonly PackedPackage[]): ToolResult {
  const uses = packages.map(({ name }, index) => `import * as p${String(index)} from "${name}";`);
  const values = packages.map((_, index) => `p${String(index)}`).join(", ");
  writeFileSync(join(project, "uses.ts"), `${uses.join("\n")}\nexport const all: readonly object[] = [${values}];\n`);
  const options = ["--noEmit", "--strict", "--skipLibCheck", "--module", "nodenext", "--target", "es2024"];
  return runTool("tsc", [...options, "--types", "", "uses.ts"], project);
}
