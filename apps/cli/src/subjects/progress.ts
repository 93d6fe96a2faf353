import { paintFor } from "../terminal/paint.ts";
import { say, type Terminal } from "../terminal/terminal.ts";

/** How often progress is shown, in milliseconds: to a person, and in a log. */
const BAR_MILLIS = 100;
const LINE_MILLIS = 10_000;
const BAR_WIDTH = 30;

/** Shows how far a run has come: a bar where a person looks, else a line now and then. */
export class Progress {
  readonly #terminal: Terminal;
  readonly #totalBytes: number | undefined;
  readonly #startedAt = performance.now();
  #shownAt = performance.now();
  #barShown = false;
  /** Bytes of the input read so far. */
  bytes = 0;
  /** Lines decided in this run. */
  lines = 0;

  /** @param totalBytes length of the input; `undefined` when it is not known, as for a pipe */
  constructor(terminal: Terminal, totalBytes: number | undefined) {
    this.#terminal = terminal;
    this.#totalBytes = totalBytes;
  }

  /** Shows the state, unless that was done a moment ago. */
  show(): void {
    const now = performance.now();
    const { isTerminal, stream } = this.#terminal.talk;
    if (now - this.#shownAt < (isTerminal ? BAR_MILLIS : LINE_MILLIS)) return;
    this.#shownAt = now;
    if (isTerminal) stream.write(`\r\u001b[2K${this.#bar()}`);
    else stream.write(`${this.#state()}\n`);
    this.#barShown = isTerminal;
  }

  /** Removes the bar, so that something else can be said. */
  clear(): void {
    if (this.#barShown) this.#terminal.talk.stream.write("\r\u001b[2K");
    this.#barShown = false;
  }

  /** Says the closing line. */
  async finish(text: string): Promise<void> {
    this.clear();
    const seconds = (performance.now() - this.#startedAt) / 1_000;
    const rate = Math.round(this.lines / Math.max(seconds, 0.001));
    await say(this.#terminal, `${text} (${seconds.toFixed(1)} s, ${rate.toLocaleString("en")} subjects/s)`);
  }

  #bar(): string {
    const paint = paintFor(this.#terminal.talk);
    const share = this.#share();
    if (share === undefined) return this.#state();
    const full = Math.round(share * BAR_WIDTH);
    const bar = `${paint("good", "━".repeat(full))}${paint("quiet", "━".repeat(BAR_WIDTH - full))}`;
    return `${bar} ${this.#state()}`;
  }

  #state(): string {
    const elapsed = performance.now() - this.#startedAt;
    const rate = Math.round((this.lines / Math.max(elapsed, 1)) * 1_000);
    const decided = `${this.lines.toLocaleString("en")} subjects, ${rate.toLocaleString("en")}/s`;
    const share = this.#share();
    if (share === undefined) return decided;
    const left = share === 0 ? "" : `, ${Math.ceil((elapsed / share - elapsed) / 1_000)} s left`;
    return `${Math.floor(share * 100)} % ${decided}${left}`;
  }

  #share(): number | undefined {
    if (this.#totalBytes === undefined || this.#totalBytes === 0) return undefined;
    return Math.min(1, this.bytes / this.#totalBytes);
  }
}
