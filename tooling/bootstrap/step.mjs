import { exitCode, runChild } from "./child.mjs";
import { Problem } from "./problem.mjs";

/**
 * Runs a preparing step without its chatter; what it wrote is shown only when it fails.
 *
 * @param explain makes a remark for the person at the terminal out of the step's output, or `undefined`
 * @throws Problem when the step fails; ends the process when it was told to end meanwhile
 */
export async function step(title, [command, ...args], { env, cwd, explain = () => undefined }) {
  console.error(`lotty: ${title}`);
  const result = await runChild(command, args, { env, cwd, stdio: ["ignore", "pipe", "pipe"] }).catch((error) => ({
    code: 1,
    output: error.message,
  }));
  if (result.told) process.exit(exitCode(result) || 130);
  if (result.code === 0) return;
  console.error(result.output.trimEnd());
  const remark = explain(result.output);
  throw new Problem(`${title}: failed (${[command, ...args].join(" ")})${remark === undefined ? "" : `\n${remark}`}`);
}
