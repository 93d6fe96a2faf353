import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const MAIN = fileURLToPath(new URL("../main.ts", import.meta.url));

/** The program as a process of its own; it keeps nothing on disk unless told to. */
export class Program {
  output = "";
  readonly #child: ChildProcess;
  readonly #ended: Promise<number>;

  /** @param main another program than the API, with the same ways to be asked */
  constructor(env: Readonly<Record<string, string>>, main: string = MAIN) {
    this.#child = spawn(process.execPath, ["--conditions=@lotty/source", main], {
      env: { PORT: "0", LOTTY_DATA_DIR: "memory", ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const keep = (chunk: Buffer): void => void (this.output += chunk.toString());
    this.#child.stdout?.on("data", keep);
    this.#child.stderr?.on("data", keep);
    this.#ended = once(this.#child, "close").then(([code]: unknown[]) => Number(code ?? -1));
  }

  /** Waits until a text shows up, or fails with what was written when the process ends first. */
  async says(pattern: RegExp): Promise<string> {
    while (!pattern.test(this.output)) {
      const stream = Promise.race([
        once(this.#child.stdout ?? this.#child, "data"),
        once(this.#child.stderr ?? this.#child, "data"),
      ]);
      const code = await Promise.race([stream.then(() => undefined), this.#ended]);
      if (code !== undefined && !pattern.test(this.output)) throw new Error(`ended with ${code}: ${this.output}`);
    }
    return this.output;
  }

  /** Where it listens, once it is ready. */
  async url(): Promise<string> {
    const output = await this.says(/"api_listening"[^\n]*\n/);
    const port = /"port":(\d+)[^\n]*"api_listening"|"api_listening"[^\n]*"port":(\d+)/.exec(output);
    const url = `http://127.0.0.1:${port?.[1] ?? port?.[2] ?? ""}`;
    while ((await fetch(`${url}/readyz`)).status !== 200) await new Promise((resolve) => setTimeout(resolve, 50));
    return url;
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** The exit code. */
  ended(): Promise<number> {
    return this.#ended;
  }
}
