import type { BenchRun, Verdict } from "../bench.ts";
import { describeMachine } from "./describe-machine.ts";
import { markdownTable } from "./markdown-table.ts";

/** What a report is about. */
export interface ReportHead {
  /** By which the benchmark is asked for. */
  readonly name: string;
  readonly title: string;
  readonly quick: boolean;
}

/** Collects what a benchmark says, as Markdown, and shows it while it comes. */
export class Report implements BenchRun {
  readonly name: string;
  readonly quick: boolean;
  readonly #parts: string[] = [];
  readonly #verdicts: Verdict[] = [];

  constructor({ name, quick, title }: ReportHead) {
    this.name = name;
    this.quick = quick;
    this.print(`## ${title}`);
    this.print(describeMachine(quick));
  }

  /** All of it, in Markdown. */
  get markdown(): string {
    return this.#parts.join("\n\n");
  }

  print(text: string): void {
    this.#parts.push(text);
    process.stdout.write(`${text}\n\n`);
  }

  table(header: readonly string[], rows: readonly (readonly string[])[]): void {
    this.print(markdownTable(header, rows));
  }

  judge(verdict: Verdict): void {
    this.#verdicts.push(verdict);
  }

  /** Adds the table of targets. */
  close(): void {
    if (this.#verdicts.length === 0) return;
    this.table(
      ["", "target", "measured", ""],
      this.#verdicts.map(({ measured, met, target, what }) => [what, target, measured, met ? "met" : "**missed**"]),
    );
  }
}
