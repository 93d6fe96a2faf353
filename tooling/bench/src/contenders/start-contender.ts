import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Contender } from "../rounds.ts";
import type { CallTimes, ContenderReport } from "./contender-module.ts";

/** A contender that waits for its rounds in a process of its own. */
export interface StartedContender extends Contender {
  /** Share of all subjects that it takes. */
  readonly taken: number;
  /** Measures single calls. */
  readonly calls: () => Promise<CallTimes>;
  stop(): void;
}

/** Which module to measure, and with what. */
export interface ContenderOptions {
  readonly name: string;
  readonly module: URL;
  readonly argument: number;
}

/**
 * Starts the process of a contender and lets it decide once for everybody.
 *
 * @throws Error when it ends before it is ready
 */
export async function startContender({ argument, module, name }: ContenderOptions): Promise<StartedContender> {
  const program = fileURLToPath(new URL("contender-process.ts", import.meta.url));
  const child = fork(program, [module.href, String(argument)], { stdio: ["ignore", "ignore", "pipe", "ipc"] });
  let complaints = "";
  child.stderr?.on("data", (chunk: Buffer) => (complaints = (complaints + chunk.toString()).slice(-2_000)));
  const gone = once(child, "exit").then(() => {
    throw new Error(`${name} ended: ${complaints}`);
  });
  // Whoever waits for an answer learns of it; when nobody waits, it is the ordinary end.
  gone.catch(() => undefined);
  const answer = async <Kind extends ContenderReport["kind"]>(
    kind: Kind,
  ): Promise<ContenderReport & { kind: Kind }> => {
    const [message] = (await Promise.race([once(child, "message"), gone])) as [ContenderReport];
    if (message.kind !== kind) throw new Error(`${name} answered ${message.kind} instead of ${kind}.`);
    return message as ContenderReport & { kind: Kind };
  };
  const { taken } = await answer("ready");
  return {
    name,
    taken,
    run: async () => {
      child.send("round");
      return (await answer("round")).nanos;
    },
    calls: async () => {
      child.send("calls");
      return (await answer("calls")).times;
    },
    stop: () => child.send("end"),
  };
}
