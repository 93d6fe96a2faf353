import { execFileSync } from "node:child_process";
import { availableParallelism, cpus, loadavg, totalmem } from "node:os";

/** When, on what, and of which commit the figures are. */
export function describeMachine(quick: boolean): string {
  const facts = [
    `${new Date().toISOString().slice(0, 16).replace("T", " ")} UTC`,
    `commit ${commit()}`,
    `Node ${process.versions.node}`,
    `${availableParallelism()} x ${cpus()[0]?.model.trim() ?? "unknown processor"}`,
    `${(totalmem() / 1024 ** 3).toFixed(0)} GB`,
    // Figures of a machine that was busy before we came are worth less: say so.
    `load before ${loadavg()[0]?.toFixed(1)}`,
  ];
  return `${quick ? "Quick run, not to be quoted. " : ""}${facts.join(", ")}.`;
}

function commit(): string {
  try {
    const git = (...args: string[]): string => execFileSync("git", args, { encoding: "utf8", stdio: "pipe" }).trim();
    // What this run writes is no change of what it measures.
    const changes = git("status", "--porcelain", "--", ":/", ":(top,exclude)docs/benchmarks.md");
    return `${git("rev-parse", "--short", "HEAD")}${changes === "" ? "" : " with changes"}`;
  } catch {
    return "unknown";
  }
}
