import type { DecisionRecord } from "@lotty/domain";
import { Client } from "pg";

const INSERT = `
INSERT INTO decisions (decision_id, environment_id, experiment_id, variant_id, decided_at, flag_version, experiment_version,
  hash_version, attributes_digest, reason, flag_key, subject_id, value)
SELECT id, environment, experiment, variant, to_timestamp(at / 1e6), flag_version, experiment_version, hash_version,
  decode(digest, 'hex'), reason, flag, subject, value
FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::float8[], $6::int[], $7::int[], $8::smallint[], $9::text[],
  $10::text[], $11::text[], $12::text[], $13::text[])
  AS d (id, environment, experiment, variant, at, flag_version, experiment_version, hash_version, digest, reason, flag,
    subject, value)
ON CONFLICT DO NOTHING`;

/**
 * The floor: batches go straight into the table, over so many connections, with nothing around them.
 *
 * @param batches the rows of each statement
 * @returns rows per second
 */
export async function insertPlainly(
  url: string,
  connections: number,
  batches: readonly (readonly DecisionRecord[])[],
): Promise<number> {
  const clients = Array.from({ length: connections }, () => new Client(url));
  await Promise.all(clients.map((client) => client.connect()));
  let rows = 0;
  // One iterator for all connections: each takes the next batch when it is done with the one before.
  const left = batches.values();
  const start = performance.now();
  await Promise.all(
    clients.map(async (client) => {
      for (const batch of left) {
        await client.query({ name: "insert", text: INSERT, values: columnsOf(batch) });
        rows += batch.length;
      }
    }),
  );
  const seconds = (performance.now() - start) / 1_000;
  await Promise.all(clients.map((client) => client.end()));
  return rows / seconds;
}

function columnsOf(batch: readonly DecisionRecord[]): unknown[] {
  return [
    batch.map(({ decisionId }) => decisionId),
    batch.map(({ environmentId }) => environmentId),
    batch.map(({ experimentId }) => experimentId),
    batch.map(({ variantId }) => variantId),
    batch.map(({ decidedAt }) => decidedAt),
    batch.map(({ flagVersion }) => flagVersion),
    batch.map(({ experimentVersion }) => experimentVersion),
    batch.map(({ hashVersion }) => hashVersion),
    batch.map(({ attributesDigest }) => attributesDigest),
    batch.map(({ reason }) => reason),
    batch.map(({ flagKey }) => flagKey),
    batch.map(({ subjectId }) => subjectId),
    batch.map(({ value }) => value),
  ];
}
