import { spawn } from "node:child_process";
import { once } from "node:events";
import { readClosingLine, settle, type Counts } from "./counts.ts";

/** A program that checks something. */
export interface Suite {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** Reads the counts that the program left behind; without it, its output ends with a closing line. */
  readonly readCounts?: () => Counts | undefined;
  readonly env?: NodeJS.ProcessEnv;
}

/** Output that is kept to look for the closing line in. */
const KEPT_OUTPUT = 10_000;

/** Runs a suite's program, showing what it prints, and counts its outcome. A program that cannot run is one failure. */
export async function runSuite(suite: Suite, env: NodeJS.ProcessEnv): Promise<Counts> {
  const { readCounts } = suite;
  const child = spawn(suite.command, suite.args, {
    env: { ...env, ...suite.env },
    stdio: ["ignore", readCounts === undefined ? "pipe" : "inherit", "inherit"],
  });
  let output = "";
  child.stdout?.on("data", (chunk: Buffer) => {
    process.stdout.write(chunk);
    output = (output + chunk.toString()).slice(-KEPT_OUTPUT);
  });
  try {
    const [exitCode] = (await once(child, "close")) as [number | null];
    return settle(readCounts === undefined ? readClosingLine(output) : readCounts(), exitCode);
  } catch (error) {
    console.error(`${suite.name}: ${String(error)}`);
    return settle(undefined, null);
  }
}
