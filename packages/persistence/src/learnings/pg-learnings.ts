import type { Instant, Learning, LearningQuestion, Learnings } from "@lotty/domain";
import type { Knex } from "knex";
import type { WriteScope } from "../configuration/write-scope.ts";
import { guarded } from "../database-error.ts";
import { textArray } from "../sql/array-literal.ts";
import { instantOf } from "../sql/instant-sql.ts";

/** Looks up learnings in Postgres or PGlite. */
export class PgLearnings implements Learnings {
  readonly #knex: Knex;

  constructor(knex: Knex) {
    this.#knex = knex;
  }

  async find(environmentId: string, learningId: string): Promise<Learning | undefined> {
    const [found] = await this.#read(FIND, { environment: environmentId, id: learningId });
    return found;
  }

  search(question: LearningQuestion): Promise<readonly Learning[]> {
    const { environmentId, from, limit, offset, outcome, tag, text, to } = question;
    return this.#read(SEARCH, {
      environment: environmentId,
      words: text?.replaceAll("\0", " ").toWellFormed() ?? null,
      tag: tag ?? null,
      outcome: outcome ?? null,
      from: from ?? null,
      to: to ?? null,
      limit,
      offset,
    });
  }

  completedSince(from: Instant): Promise<readonly { readonly environmentId: string; readonly learning: Learning }[]> {
    return guarded(async () => {
      const rows: { environment_id: string; record: Learning }[] = await this.#knex("learnings")
        .where("completed_at", ">=", this.#knex.raw(instantOf("CAST(? AS bigint)"), [from]))
        .orderBy(["completed_at", "id"])
        .select("environment_id", "record");
      return rows.map((row) => ({ environmentId: row.environment_id, learning: row.record }));
    });
  }

  similar(environmentId: string, learningId: string, limit: number): Promise<readonly Learning[]> {
    return this.#read(SIMILAR, { environment: environmentId, id: learningId, limit });
  }

  #read(text: string, values: Readonly<Record<string, string | number | null>>): Promise<readonly Learning[]> {
    return guarded(async () => {
      const { rows } = await this.#knex.raw<{ rows: readonly { readonly record: Learning }[] }>(text, values);
      return rows.map(({ record }) => record);
    });
  }
}

const FIND = "SELECT record FROM learnings WHERE environment_id = :environment AND id = :id";

/** Without words every rank is 0, and the newest come first. */
const SEARCH = `
SELECT record FROM learnings,
  (SELECT websearch_to_tsquery('pg_catalog.english', CAST(:words AS text)) AS query) AS asked
WHERE environment_id = :environment AND (CAST(:words AS text) IS NULL OR search @@ query)
  AND (CAST(:tag AS text) IS NULL OR CAST(:tag AS text) COLLATE "C" = ANY (tags))
  AND (CAST(:outcome AS text) IS NULL OR outcome = :outcome)
  AND (CAST(:from AS bigint) IS NULL OR completed_at >= ${instantOf("CAST(:from AS bigint)")})
  AND (CAST(:to AS bigint) IS NULL OR completed_at < ${instantOf("CAST(:to AS bigint)")})
ORDER BY coalesce(ts_rank_cd(search, query), 0) DESC, completed_at DESC, id DESC
LIMIT :limit OFFSET :offset`;

/**
 * Any word of the one will do; how many are shared and how long the texts are gives the order. Words are quoted for the query: chr(39) is the
 * quotation mark, chr(92) the backslash.
 */
const SIMILAR = `
SELECT record FROM learnings, (
  SELECT CAST(string_agg(
    chr(39) || replace(replace(word, chr(92), repeat(chr(92), 2)), chr(39), repeat(chr(39), 2)) || chr(39), ' | '
  ) AS tsquery) AS query
  FROM learnings AS one, unnest(tsvector_to_array(one.search)) AS word
  WHERE one.environment_id = :environment AND one.id = :id
) AS alike
WHERE environment_id = :environment AND id <> :id AND search @@ query
ORDER BY ts_rank(search, query, 1) DESC, completed_at DESC, id DESC
LIMIT :limit`;

/** Inserts learnings, or replaces those of the same experiments. */
export async function putLearnings({ environmentId, knex }: WriteScope, learnings: readonly Learning[]): Promise<void> {
  if (learnings.length === 0) return;
  const rows = learnings.map((each) => ({
    environment_id: environmentId,
    id: each.id,
    experiment_id: each.experimentId,
    outcome: each.outcome,
    tags: textArray(each.tags),
    completed_at: knex.raw(instantOf("CAST(? AS bigint)"), [each.completedAt]),
    record: JSON.stringify(each),
    headline: searchable([each.experimentKey, each.flagKey, each.hypothesis, ...each.tags]),
    body: searchable([
      each.comment,
      each.notes,
      each.owner,
      each.winner,
      ...each.effects.map(({ metricKey }) => metricKey),
    ]),
  }));
  await knex("learnings").insert(rows).onConflict(["environment_id", "experiment_id"]).merge();
}

/** Keys are words joined by hyphens and the like, by which people do not search. */
function searchable(texts: readonly (string | null)[]): string {
  return texts
    .filter((text) => text !== null)
    .flatMap((text) => [text, text.replaceAll(/[-_./]/g, " ")])
    .join("\n")
    .replaceAll("\0", " ")
    .toWellFormed();
}
