import type { Bench } from "./bench.ts";
import { benchControl } from "./control/bench-control.ts";
import { benchDurable } from "./durable/bench-durable.ts";
import { benchEngine } from "./engine/bench-engine.ts";
import { benchEvents } from "./events/bench-events.ts";
import { benchGrowth } from "./growth/bench-growth.ts";
import { benchHttp } from "./http/bench-http.ts";
import { benchResults } from "./measures/bench-results.ts";
import { benchMemory } from "./memory/bench-memory.ts";
import { benchPeers } from "./peers/bench-peers.ts";
import { Report } from "./report/report.ts";
import { writeDocument } from "./report/write-document.ts";
import { benchRules } from "./rules/bench-rules.ts";
import { benchScaling } from "./scaling/bench-scaling.ts";
import { benchWorker } from "./worker/bench-worker.ts";

const BENCHES: Readonly<Record<string, { readonly title: string; readonly bench: Bench }>> = {
  // First, because it installs what others are then measured beside, too.
  peers: { title: "The engine beside others", bench: benchPeers },
  engine: { title: "The engine beside the bare work", bench: benchEngine },
  rules: { title: "Targeting rules", bench: benchRules },
  http: { title: "HTTP, nothing recorded", bench: benchHttp },
  durable: { title: "HTTP, durable decisions", bench: benchDurable },
  worker: { title: "From the stream to the table", bench: benchWorker },
  events: { title: "Events, durable", bench: benchEvents },
  scaling: { title: "Growing past one process", bench: benchScaling },
  growth: { title: "Growth", bench: benchGrowth },
  control: { title: "A large configuration", bench: benchControl },
  report: { title: "Results of experiments", bench: benchResults },
  memory: { title: "Memory over time", bench: benchMemory },
};

const USAGE = `Use: pnpm bench [${Object.keys(BENCHES).join("|")}]... [--quick] [--write]\n`;

const asked = process.argv.slice(2).filter((argument) => argument !== "--");
const options = asked.filter((argument) => argument.startsWith("--"));
const names = asked.filter((argument) => !argument.startsWith("--"));
const unknown = [
  ...options.filter((option) => option !== "--quick" && option !== "--write"),
  ...names.filter((name) => !Object.hasOwn(BENCHES, name)),
];
if (unknown.length > 0) {
  process.stderr.write(`There is no ${unknown.join(", ")}. ${USAGE}`);
  process.exit(2);
}

const quick = options.includes("--quick");
for (const [name, { bench, title }] of Object.entries(BENCHES)) {
  if (names.length > 0 && !names.includes(name)) continue;
  const report = new Report({ name, title, quick });
  await bench(report);
  report.close();
  if (options.includes("--write")) writeDocument(report, Object.keys(BENCHES));
}
