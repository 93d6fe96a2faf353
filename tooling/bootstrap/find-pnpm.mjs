import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { Problem } from "./problem.mjs";
import { pnpmVersion, repository, toolEnvironment } from "./toolchain.mjs";

/**
 * The command that runs the project's exact version of pnpm: from node_modules, from PATH, else through npm.
 *
 * @throws Problem when there is neither that pnpm nor npm
 */
export function findPnpm() {
  const version = pnpmVersion();
  return installedPnpm(version) ?? pnpmInPath(version) ?? pnpmThroughNpm(version);
}

function installedPnpm(version) {
  const folder = join(repository, "node_modules/pnpm");
  const command = join(repository, "node_modules/.bin/pnpm");
  try {
    const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    return manifest.version === version && prints(version, [command]) ? [command] : undefined;
  } catch {
    return undefined;
  }
}

function pnpmInPath(version) {
  return prints(version, ["pnpm"]) ? ["pnpm"] : undefined;
}

function pnpmThroughNpm(version) {
  const npm = findNpm();
  if (npm === undefined) {
    throw new Problem(
      `Lotty is installed with pnpm ${version}, and neither that version nor npm (which could fetch it) is in PATH. ` +
        "npm comes with Node; some systems have it in a package of its own.",
    );
  }
  // A configuration file may say yes=false, which would make npm wait for an answer.
  return [...npm, "exec", "--yes", `--package=pnpm@${version}`, "--", "pnpm"];
}

function findNpm() {
  const running = process.env.npm_execpath;
  if (running !== undefined && basename(running).startsWith("npm") && existsSync(running)) {
    return [process.execPath, running];
  }
  return succeeds(["npm", "--version"]) ? ["npm"] : undefined;
}

function prints(version, command) {
  return run([...command, "--version"])?.trim() === version;
}

function succeeds(command) {
  return run(command) !== undefined;
}

/** What the command printed, or `undefined` when it failed. */
function run([command, ...args]) {
  const { status, stdout } = spawnSync(command, args, {
    cwd: repository,
    env: { ...toolEnvironment(), CI: "true" },
    encoding: "utf8",
  });
  return status === 0 ? stdout : undefined;
}
