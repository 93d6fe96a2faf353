import type {
  Configuration,
  ConfigurationHistory,
  ConflictDomain,
  RevisionInForce,
  TimeSpan,
  WrittenExperiment,
} from "@lotty/domain";
import { guarded } from "../database-error.ts";
import { isDomain, isExperiment, isSegment } from "../last-good/configuration-guards.ts";
import { plainArray, textArray } from "../sql/array-literal.ts";
import { instantOf, microsOf } from "../sql/instant-sql.ts";
import { inTransaction, runStatement, withConnection, type SqlConnection, type SqlPool } from "../sql/sql-pool.ts";
import { indexChangeLog, type ChangeLogIndex } from "./change-log-index.ts";
import { known, toFlagVersion } from "./known-version.ts";

const IN_FORCE = `
SELECT revision, ${microsOf("changed_at")} AS since FROM change_log
WHERE environment_id = $1 AND changed_at <= ${instantOf("$3::bigint")} AND revision >= coalesce((
  SELECT max(revision) FROM change_log WHERE environment_id = $1 AND changed_at <= ${instantOf("$2::bigint")}
), 0)
ORDER BY revision DESC`;

const CHANGES =
  "SELECT revision, changes FROM change_log WHERE environment_id = $1 AND revision <= $2 ORDER BY revision";

/** Versions of one kind of record in an environment, each by its id and the revision that wrote it. */
function versionsIn(table: string, id: string): string {
  return `
SELECT kept.${id} AS id, kept.revision, kept.definition
FROM unnest($2::uuid[], $3::bigint[]) AS wanted (id, revision)
JOIN ${table} AS kept ON kept.environment_id = $1 AND kept.${id} = wanted.id AND kept.revision = wanted.revision
ORDER BY kept.${id}`;
}

const FLAGS = versionsIn("flag_versions", "flag_id");
const EXPERIMENTS = versionsIn("experiment_versions", "experiment_id");
const DOMAINS = versionsIn("domain_versions", "domain_id");
const SEGMENTS = versionsIn("segment_versions", "segment_id");

const EXPERIMENT_WRITINGS = `
SELECT kept.definition, ${microsOf("change_log.changed_at")} AS at
FROM experiment_versions AS kept
JOIN change_log ON change_log.environment_id = kept.environment_id AND change_log.revision = kept.revision
WHERE kept.environment_id = $1 AND kept.experiment_id = $2
ORDER BY kept.revision`;

/** Reads earlier configurations on Postgres or PGlite: the change log tells which versions belong to a revision. */
export class PgConfigurationHistory implements ConfigurationHistory {
  readonly #pool: SqlPool;

  constructor(pool: SqlPool) {
    this.#pool = pool;
  }

  inForce(environmentId: string, { from, to }: TimeSpan): Promise<readonly RevisionInForce[]> {
    return guarded(async () => {
      const { rows } = await runStatement(this.#pool, { text: IN_FORCE, values: [environmentId, from, to] });
      const found = rows.map((row) => ({ revision: Number(row["revision"]), since: Number(row["since"]) }));
      const oldest = found.at(-1);
      return oldest === undefined || oldest.since > from ? [...found, { revision: 0, since: null }] : found;
    });
  }

  at(environmentId: string, revision: number): Promise<Configuration | null> {
    return guarded(() =>
      withConnection(this.#pool, (connection) =>
        inTransaction(connection, async () => {
          await connection.query({ text: "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY" });
          return readAt(connection, environmentId, revision);
        }),
      ),
    );
  }

  experimentWritings(environmentId: string, experimentId: string): Promise<readonly WrittenExperiment[]> {
    return guarded(async () => {
      const values = [environmentId, experimentId];
      const { rows } = await runStatement(this.#pool, { text: EXPERIMENT_WRITINGS, values });
      return rows.map((row) => ({ experiment: known(row["definition"], isExperiment), at: Number(row["at"]) }));
    });
  }
}

async function readAt(
  connection: SqlConnection,
  environmentId: string,
  revision: number,
): Promise<Configuration | null> {
  const { rows } = await connection.query({ text: CHANGES, values: [environmentId, revision] });
  // Revisions have no gaps: where rows are missing, somebody has cut the log.
  if (rows.length !== revision) return null;
  const index = indexChangeLog(rows);
  const { domains, experiments, flags, segments } = index.versions;
  const read = reader(connection, environmentId);
  const stored = {
    flags: await read(FLAGS, flags),
    experiments: await read(EXPERIMENTS, experiments),
    domains: await read(DOMAINS, domains),
    segments: await read(SEGMENTS, segments),
  };
  // A process of the version before, which still ran during an update, kept no domains.
  if (stored.domains.length !== domains.size) return null;
  return {
    environmentId,
    revision,
    flags: stored.flags.map(({ definition }) => toFlagVersion(definition)),
    experiments: stored.experiments.map(({ definition }) => known(definition, isExperiment)),
    domains: stored.domains.map((each) => withoutRemoved(known(each.definition, isDomain), each.revision, index)),
    segments: stored.segments.map(({ definition }) => known(definition, isSegment)),
  };
}

interface StoredVersion {
  readonly revision: number;
  readonly definition: unknown;
}

type VersionReader = (text: string, versions: ReadonlyMap<string, number>) => Promise<readonly StoredVersion[]>;

function reader(connection: SqlConnection, environmentId: string): VersionReader {
  return async (text, versions) => {
    if (versions.size === 0) return [];
    const values = [environmentId, textArray([...versions.keys()]), plainArray([...versions.values()])];
    const { rows } = await connection.query({ text, values });
    return rows.map((row) => ({ revision: Number(row["revision"]), definition: row["definition"] }));
  };
}

/** Experiments that were removed after the domain was written are members no more, even when they have come back since. */
function withoutRemoved(
  domain: ConflictDomain,
  writtenAt: number,
  { removedExperiments }: ChangeLogIndex,
): ConflictDomain {
  const members = domain.members.filter(({ experimentId }) => (removedExperiments.get(experimentId) ?? 0) <= writtenAt);
  return { ...domain, members };
}
