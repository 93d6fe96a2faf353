import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type EventRecord, formatInstant } from "@lotty/domain";
import { Client } from "pg";

const COLUMNS =
  "environment_id, event_id, event_type, subject_id, decision_id, occurred_at, received_at, value, properties";

/**
 * The floor: each batch is copied from a file of its own, which the server reads itself, into a table of the same shape, and committed. Nothing finds
 * duplicates, nobody is told what became of an event, and nobody is noted to be measured.
 *
 * @returns rows per second
 */
export async function copyPlainly(
  url: string,
  connections: number,
  batches: readonly (readonly EventRecord[])[],
): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), "lotty-bench-copy-"));
  // The server may run as another user.
  chmodSync(folder, 0o755);
  const clients = Array.from({ length: connections }, () => new Client(url));
  try {
    const files = batches.map((batch, index) => {
      const file = join(folder, `${index}.tsv`);
      writeFileSync(file, batch.map(lineOf).join(""), { mode: 0o644 });
      return file;
    });
    await Promise.all(clients.map((client) => client.connect()));
    const left = files.values();
    const start = performance.now();
    await Promise.all(
      clients.map(async (client) => {
        for (const file of left) await client.query(`COPY plain_events (${COLUMNS}) FROM '${file}'`);
      }),
    );
    const rows = batches.reduce((sum, { length }) => sum + length, 0);
    return rows / ((performance.now() - start) / 1_000);
  } finally {
    await Promise.all(clients.map((client) => client.end()));
    rmSync(folder, { recursive: true });
  }
}

function lineOf(event: EventRecord): string {
  const fields = [
    event.environmentId,
    event.eventId,
    event.eventType,
    event.subjectId,
    event.decisionId ?? "\\N",
    formatInstant(event.occurredAt),
    formatInstant(event.receivedAt),
    event.value === null ? "\\N" : String(event.value),
    JSON.stringify(event.properties),
  ];
  return `${fields.join("\t")}\n`;
}
