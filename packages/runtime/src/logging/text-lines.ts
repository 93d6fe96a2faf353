/** Where log lines go: anything with a `write` that takes one whole line, line feed included. */
export interface LineDestination {
  write(line: string): void;
}

/** Fields of every line that the text form shows elsewhere or not at all. */
const FRAME: ReadonlySet<string> = new Set(["level", "time", "event", "name", "pid", "error", "err"]);

/**
 * Turns JSON log lines into text for people: time of day (UTC), level, event, `field=value` pairs, and an error's stack
 * with its causes below.
 */
export function textLines(destination: LineDestination): LineDestination {
  return { write: (line) => destination.write(toText(line)) };
}

function toText(line: string): string {
  const entry: unknown = JSON.parse(line);
  if (!isRecord(entry)) return line;
  const time = String(entry["time"]).slice(11, 23);
  const level = String(entry["level"]).toUpperCase().padEnd(5);
  const pairs = Object.entries(entry)
    .filter(([key]) => !FRAME.has(key))
    .map(([key, value]) => ` ${key}=${shown(value)}`);
  const error = entry["error"] ?? entry["err"];
  return `${time} ${level} ${String(entry["event"])}${pairs.join("")}\n${isRecord(error) ? errorText(error, "  ") : ""}`;
}

function errorText(error: Readonly<Record<string, unknown>>, indent: string): string {
  const head =
    typeof error["stack"] === "string" ? error["stack"] : `${shown(error["type"])}: ${shown(error["message"])}`;
  const code = typeof error["code"] === "string" ? ` [${error["code"]}]` : "";
  const [first = "", ...rest] = head.split("\n");
  const text = [`${first}${code}`, ...rest].map((line) => `${indent}${line}\n`).join("");
  return isRecord(error["cause"]) ? `${text}${indent}caused by\n${errorText(error["cause"], `${indent}  `)}` : text;
}

function shown(value: unknown): string {
  return typeof value === "string" && /^[^\s"=]+$/.test(value) ? value : JSON.stringify(value);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
