import { findPnpm } from "./find-pnpm.mjs";
import { step } from "./step.mjs";
import { repository, toolEnvironment } from "./toolchain.mjs";

const ARGUMENTS = [
  "install",
  "--frozen-lockfile",
  "--prefer-offline",
  // Checking every entry of the lockfile against the registry takes seconds on each start; CI does it instead.
  "--trust-lockfile",
];

const NETWORK = /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|META_FETCH_FAIL|network/i;

/**
 * Brings node_modules in line with the lockfile.
 *
 * @throws Problem when that fails
 */
export async function install() {
  const { NODE_ENV: _, ...env } = toolEnvironment();
  await step("installing dependencies", [...findPnpm(), ...ARGUMENTS], {
    cwd: repository,
    // CI=true: never ask. Without NODE_ENV: "production" would leave out the tools that the build needs.
    env: { ...env, CI: "true" },
    explain,
  });
}

function explain(output) {
  if (/OUTDATED_LOCKFILE|FROZEN_LOCKFILE/.test(output)) {
    return "pnpm-lock.yaml does not fit the package.json files. After changing dependencies run: pnpm install";
  }
  if (NETWORK.test(output)) {
    return "The package registry did not answer. The first start needs the network; later ones do not.";
  }
  return undefined;
}
