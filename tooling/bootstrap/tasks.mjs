import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { build } from "./build.mjs";
import { exitCode, runChild } from "./child.mjs";
import { install } from "./install.mjs";
import { Problem } from "./problem.mjs";
import { followParent, nodeBinary, repository, toolEnvironment } from "./toolchain.mjs";

/** How long a task may take to end after it was told to, beyond the time that the API gives itself. */
const GRACE_MILLIS = 30_000;

/** Whoever counts test results must never take a run that did not happen for a good one. */
const NOTHING_PASSED = "0 passed, 1 failed";

const tasks = {
  /** Installs, builds, and serves the API until it is told to end. */
  async start(args) {
    await install();
    await build();
    return exitCode(await inForeground([join(repository, "apps/api/dist/main.js"), ...args], startEnvironment()));
  },

  /** Runs the `lotty` command in the folder it was called from; installs and builds only if that was never done. */
  async lotty(args) {
    const program = join(repository, "apps/cli/dist/main.js");
    if (!existsSync(program)) {
      await install();
      await build();
    }
    // In our own process group: it may ask questions in the terminal, and Ctrl-C reaches it directly.
    const { error, signal, status } = spawnSync(nodeBinary(), [program, ...args], {
      cwd: process.env.INIT_CWD ?? process.cwd(),
      env: toolEnvironment(),
      stdio: "inherit",
    });
    if (error !== undefined) throw error;
    return exitCode({ code: status, signal });
  },

  /** Plays the demo on a Lotty that runs; installs only if that was never done. */
  async demo(args) {
    if (!existsSync(join(repository, "node_modules"))) await install();
    return exitCode(await inForeground([join(repository, "demo/main.ts"), ...args], toolEnvironment()));
  },

  /** Installs, builds, and runs every test. */
  async test(args) {
    await install();
    await build();
    const runner = join(repository, "tooling/test-runner/main.ts");
    const result = await inForeground([...followParent, runner, ...args], toolEnvironment());
    // The runner closes with this line itself unless it was killed.
    if (result.code === null) console.log(NOTHING_PASSED);
    return exitCode(result);
  },
};

/** Runs a task by its name and ends the process with the task's code. */
export async function runTask(name, args) {
  try {
    const task = Object.hasOwn(tasks, name ?? "") ? tasks[name] : undefined;
    if (task === undefined) throw new Problem(`No such task: ${name}. There are: ${Object.keys(tasks).join(", ")}.`);
    // npm drops the "--" before extra arguments, pnpm passes it on.
    process.exitCode = await task(args[0] === "--" ? args.slice(1) : args);
  } catch (error) {
    console.error(error instanceof Problem ? `\n${error.message}` : error);
    if (name === "test") console.log(NOTHING_PASSED);
    process.exitCode = 1;
  }
}

/** What the API is started with; a variable that is set already wins. */
function startEnvironment() {
  const env = { NODE_ENV: "production", ...toolEnvironment(), LOTTY_PARENT_PID: String(process.pid) };
  // The demo is for whoever tries Lotty out on its embedded database; another database may be somebody's real one.
  if (env.LOTTY_DEMO === undefined && !env.DATABASE_URL) env.LOTTY_DEMO = join(repository, "demo/lotty.yaml");
  return env;
}

function inForeground(args, env) {
  return runChild(nodeBinary(), args, {
    cwd: repository,
    env,
    graceMillis: GRACE_MILLIS + 1_000 * (Number(env.SHUTDOWN_GRACE_SECONDS) || 0),
    stdio: ["ignore", "inherit", "inherit"],
  });
}
