import type { Instant, Review, ReviewVerdict } from "@lotty/domain";
import type { Knex } from "knex";
import type { WriteScope } from "../configuration/write-scope.ts";
import { exactText } from "../sql/exact-text.ts";
import { microsOf } from "../sql/instant-sql.ts";
import { checkEncodable, instantOrNull, jsonOrNull } from "./written-values.ts";

interface ReviewRow {
  readonly id: string;
  readonly experiment_id: string;
  readonly reviewer_id: string;
  readonly reviewer_name: string;
  readonly verdict: ReviewVerdict;
  readonly comment: string | null;
  readonly version: number;
  readonly micros: Instant;
  readonly withdrawn_at: Instant | null;
}

/** All reviews of an experiment, oldest first. */
export async function readReviews(knex: Knex, environmentId: string, experimentId: string): Promise<readonly Review[]> {
  const rows: ReviewRow[] = await knex("reviews")
    .where({ environment_id: environmentId, experiment_id: experimentId })
    .select("id", "experiment_id", knex.raw(exactText("reviewer_id")), "reviewer_name", "verdict", "comment", "version")
    .select(knex.raw(`${microsOf("at")} AS micros`), knex.raw(`${microsOf("withdrawn_at")} AS withdrawn_at`))
    .orderBy(["at", "id"]);
  return rows.map((row) => ({
    id: row.id,
    experimentId: row.experiment_id,
    reviewerId: row.reviewer_id,
    reviewerName: row.reviewer_name,
    verdict: row.verdict,
    comment: row.comment,
    version: row.version,
    at: row.micros,
    withdrawnAt: row.withdrawn_at,
  }));
}

/** Inserts reviews; of one that is known only its withdrawal is written. */
export async function putReviews({ environmentId, knex }: WriteScope, reviews: readonly Review[]): Promise<void> {
  if (reviews.length === 0) return;
  checkEncodable(
    "reviews",
    reviews.map(({ reviewerId }) => reviewerId),
  );
  const rows = reviews.map((each) => ({
    environment_id: environmentId,
    id: each.id,
    experiment_id: each.experimentId,
    reviewer_id: each.reviewerId,
    reviewer_name: JSON.stringify(each.reviewerName),
    verdict: each.verdict,
    comment: jsonOrNull(each.comment),
    version: each.version,
    at: instantOrNull(knex, each.at),
    withdrawn_at: instantOrNull(knex, each.withdrawnAt),
  }));
  await knex("reviews").insert(rows).onConflict(["environment_id", "id"]).merge(["withdrawn_at"]);
}
