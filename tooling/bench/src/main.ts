import { cpus } from "node:os";
import { benchEngine } from "./engine/bench-engine.ts";
import { benchHttp } from "./http/bench-http.ts";

const BENCHES: Readonly<Record<string, (print: (text: string) => void) => Promise<void>>> = {
  engine: benchEngine,
  http: benchHttp,
};

const asked = process.argv.slice(2).filter((argument) => argument !== "--");
const unknown = asked.filter((name) => BENCHES[name] === undefined);
if (unknown.length > 0) {
  process.stderr.write(`There is no benchmark ${unknown.join(", ")}. Use: ${Object.keys(BENCHES).join(", ")}.\n`);
  process.exit(2);
}

const print = (text: string): void => void process.stdout.write(`${text}\n`);
print(`Node ${process.version}, ${cpus().length} x ${cpus()[0]?.model ?? "unknown processor"}`);
for (const [name, bench] of Object.entries(BENCHES)) {
  if (asked.length === 0 || asked.includes(name)) await bench(print);
}
