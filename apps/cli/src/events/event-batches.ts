import { MAX_EVENTS } from "@lotty/contracts";
import type { InputLine } from "../subjects/read-lines.ts";

/** Most bytes of a batch's lines: with commas between them it stays below what a request may have. */
const MAX_BATCH_BYTES = 900_000;

/** A line that is to be sent. */
export interface EventLine {
  /** From 1. */
  readonly number: number;
  /** What it says, or why it cannot be read. */
  readonly content: { readonly event: unknown } | { readonly fault: string };
}

/** Cuts lines of a file into batches of events, in order. Empty lines are passed over, and so is what comes before `from`. */
export async function* eventBatches(
  pieces: AsyncIterable<readonly InputLine[]>,
  from: number,
): AsyncGenerator<readonly EventLine[]> {
  let batch: EventLine[] = [];
  let bytes = 0;
  for await (const lines of pieces) {
    for (const line of lines) {
      if (line.number < from || line.text?.trim() === "") continue;
      const size = line.text === null ? 0 : Buffer.byteLength(line.text) + 1;
      if (batch.length === MAX_EVENTS || bytes + size > MAX_BATCH_BYTES) {
        yield batch;
        batch = [];
        bytes = 0;
      }
      batch.push({ number: line.number, content: contentOf(line) });
      bytes += size;
    }
  }
  if (batch.length > 0) yield batch;
}

function contentOf({ fault, text }: InputLine): EventLine["content"] {
  if (text === null) return { fault: fault ?? "cannot be read" };
  if (Buffer.byteLength(text) > MAX_BATCH_BYTES) return { fault: `longer than ${MAX_BATCH_BYTES} bytes` };
  try {
    return { event: JSON.parse(text) as unknown };
  } catch {
    return { fault: "not JSON" };
  }
}
