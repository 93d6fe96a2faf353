import { join } from "node:path";
import { step } from "./step.mjs";
import { repository, toolEnvironment } from "./toolchain.mjs";

/**
 * Compiles every package that has changed since it was last compiled.
 *
 * @throws Problem when a package does not compile
 */
export async function build() {
  await step("building", [join(repository, "node_modules/.bin/turbo"), "run", "build", "--output-logs=errors-only"], {
    cwd: repository,
    env: { ...toolEnvironment(), TURBO_TELEMETRY_DISABLED: "1", TURBO_NO_UPDATE_NOTIFIER: "1" },
  });
}
