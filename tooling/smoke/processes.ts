import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

const LOOK_MILLIS = 100;

/** Ids of the processes whose environment contains a text, except ours. Only on Linux; elsewhere none are found. */
export function processesWith(text: string): readonly number[] {
  return processIds().filter((pid) => pid !== process.pid && environmentOf(pid).includes(text));
}

/** Waits until no such process is left; gives those that still are after the time is over. */
export async function waitForNone(text: string, withinMillis: number): Promise<readonly number[]> {
  const deadline = Date.now() + withinMillis;
  for (;;) {
    const left = processesWith(text);
    if (left.length === 0 || Date.now() > deadline) return left;
    await sleep(LOOK_MILLIS);
  }
}

function processIds(): readonly number[] {
  try {
    return readdirSync("/proc").map(Number).filter(Number.isInteger);
  } catch {
    return [];
  }
}

function environmentOf(pid: number): string {
  try {
    return readFileSync(`/proc/${String(pid)}/environ`, "utf8");
  } catch {
    return "";
  }
}
