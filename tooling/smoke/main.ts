/**
 * Does in an empty folder what somebody does who has just cloned the project: starts Lotty, asks for a decision as it
 * suggests, makes the usual mistakes, ends it in the usual ways, and starts it again. Closes with `N passed, N failed`.
 */
import { execFileSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { closingLine } from "../test-runner/counts.ts";
import { freePort } from "../test-servers/free-port.ts";
import { checkOut } from "./checkout.ts";
import { processesWith, waitForNone } from "./processes.ts";
import { StartedLotty, type StartOptions } from "./started-lotty.ts";

/** Installing and building from nothing takes most of it. */
const FIRST_START_MILLIS = 300_000;
const START_MILLIS = 60_000;
const END_MILLIS = 40_000;
const WORDS_MILLIS = 10_000;

/** Exit codes of an npm that was told to end and waited: its child's, or the shell's for SIGINT and SIGTERM. Not SIGKILL's. */
const GOOD_ENDS = [0, 130, 143];

const mark = `LOTTY_SMOKE=${randomUUID()}`;
const [markName = "", markValue] = mark.split("=");
let passed = 0;
let failed = 0;

function check(title: string, holds: boolean, evidence: string): void {
  if (holds) passed += 1;
  else failed += 1;
  console.log(`${holds ? "ok" : "FAILED"}  ${title}`);
  if (!holds) console.log(evidence.trimEnd());
}

const folder = mkdtempSync(join(tmpdir(), "lotty-smoke-"));
try {
  await tryOut(join(folder, "checkout"), join(folder, "data"));
} catch (error) {
  check("the trial runs to its end", false, error instanceof Error ? (error.stack ?? error.message) : String(error));
} finally {
  for (const pid of processesWith(mark)) process.kill(pid, "SIGKILL");
  rmSync(folder, { recursive: true, force: true });
}
console.log(closingLine({ passed, failed }));
process.exitCode = failed === 0 ? 0 : 1;

async function tryOut(checkout: string, dataDirectory: string): Promise<void> {
  checkOut(checkout);
  const port = await freePort();
  const usual: StartOptions = { folder: checkout, port, dataDirectory, env: { [markName]: markValue } };

  const lotty = new StartedLotty(usual);
  const started = performance.now();
  const ready = await lotty.ready(FIRST_START_MILLIS);
  const seconds = ((performance.now() - started) / 1_000).toFixed(1);
  check(`npm start is ready in a new checkout (${seconds} s)`, ready, lotty.output);
  if (!ready) return;
  // Else finding no process afterwards would prove nothing.
  check("its processes can be seen", processesWith(mark).length > 1, "none is marked in /proc");

  // It is ready a moment before it says so.
  const suggestion = (await lotty.printed(/^.*?(curl .*)$/m, WORDS_MILLIS))?.[1];
  check("it suggests a curl line", suggestion !== undefined, lotty.output);
  const answer = suggestion === undefined ? "" : run(suggestion);
  check("the curl line as printed gets a decision", /"decision_id"/.test(answer), `${String(suggestion)}\n${answer}`);

  const sameDirectory = new StartedLotty({ ...usual, port: await freePort() });
  await checkRefused(sameDirectory, "a second process on the same data directory", dataDirectory);
  const samePort = new StartedLotty({ ...usual, dataDirectory: join(folder, "other") });
  await checkRefused(samePort, "a taken port", String(port));
  check("the first process still answers", await lotty.ready(START_MILLIS), lotty.output);

  lotty.signalNpm("SIGTERM");
  await checkGone(lotty, "SIGTERM to npm");

  // Without the demo to fill an empty database, the flags can only come from the first time.
  const again = new StartedLotty({ ...usual, env: { ...usual.env, LOTTY_DEMO: "" } });
  check("it starts again on the same data directory", await again.ready(START_MILLIS), again.output);
  const kept = suggestion === undefined ? "" : run(suggestion);
  check("the data are still there", /"decision_id"/.test(kept) && !kept.includes("flag_not_found"), kept);
  again.signalTerminal("SIGINT");
  await checkGone(again, "Ctrl-C");

  const killed = new StartedLotty(usual);
  check("it starts a third time", await killed.ready(START_MILLIS), killed.output);
  killed.signalNpm("SIGKILL");
  const left = await waitForNone(mark, END_MILLIS);
  check("killing npm leaves no process behind", left.length === 0, `left: ${left.join(", ")}\n${killed.output}`);
}

async function checkRefused(lotty: StartedLotty, what: string, mentions: string): Promise<void> {
  const code = await lotty.ended(START_MILLIS);
  check(`${what} is refused`, code !== undefined && code !== 0, `code ${String(code)}\n${lotty.output}`);
  check(`${what} is refused in words, not with a stack`, isClear(lotty.output, mentions), lotty.output);
  lotty.signalTerminal("SIGKILL");
}

function isClear(output: string, mentions: string): boolean {
  return output.includes(mentions) && !/^\s+at .*:\d+:\d+/m.test(output);
}

async function checkGone(lotty: StartedLotty, how: string): Promise<void> {
  const code = await lotty.ended(END_MILLIS);
  const inGoodOrder = code !== undefined && GOOD_ENDS.includes(code);
  check(`${how} ends it in good order`, inGoodOrder, `code ${String(code)}\n${lotty.output}`);
  const left = await waitForNone(mark, END_MILLIS);
  check(`${how} leaves no process behind`, left.length === 0, `left: ${left.join(", ")}\n${lotty.output}`);
}

function run(line: string): string {
  try {
    return execFileSync("sh", ["-c", line], { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  } catch (error) {
    return String(error);
  }
}
