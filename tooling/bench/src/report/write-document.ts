import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Report } from "./report.ts";

const DOCUMENT = fileURLToPath(new URL("../../../../docs/benchmarks.md", import.meta.url));

const HEAD = `# Benchmarks

Each section is the output of one benchmark, beside what it is compared with. Everything in a section ran on one machine in one
run, in alternating rounds; figures are medians, the spread is the range of the rounds. Machines are shared and noisy: read
the ratios, not the absolute figures. Written by the program itself; to repeat it:

\`\`\`sh
pnpm build
pnpm bench --write            # all; or by name: pnpm bench engine --write
pnpm bench durable --quick    # a minute or less, to see that it works
\`\`\`

What each one does and how to profile: [tooling/bench](../tooling/bench/README.md).
`;

/**
 * Puts a report in its place in `docs/benchmarks.md`; the sections of other benchmarks stay as they are.
 *
 * @param order names of all benchmarks, in the order of the document
 */
export function writeDocument({ markdown, name }: Report, order: readonly string[]): void {
  const sections = readSections();
  sections.set(name, markdown);
  const parts = order.flatMap((each) => {
    const text = sections.get(each);
    return text === undefined ? [] : [`${mark(each)}\n\n${text.trim()}\n`];
  });
  writeFileSync(DOCUMENT, [HEAD, ...parts].join("\n"));
}

function mark(name: string): string {
  return `<!-- bench: ${name} -->`;
}

function readSections(): Map<string, string> {
  if (!existsSync(DOCUMENT)) return new Map();
  const [, ...parts] = readFileSync(DOCUMENT, "utf8").split(/<!-- bench: (\w+) -->/);
  const sections = new Map<string, string>();
  for (let index = 0; index + 1 < parts.length; index += 2) sections.set(parts[index] ?? "", parts[index + 1] ?? "");
  return sections;
}
