import type {
  ExperimentDetails,
  ExperimentOutcome,
  ExperimentProposal,
  FlagDetails,
  Instant,
  JsonValue,
} from "@lotty/domain";
import type { Knex } from "knex";
import { exactText } from "../sql/exact-text.ts";
import { microsOf } from "../sql/instant-sql.ts";

/** What is said about a flag, from a row of `flag_identities` as it is read. */
export interface FlagDetailsRow {
  readonly id: string;
  readonly description: string | null;
  readonly owner: string | null;
  readonly tags: readonly string[];
  readonly value_schema: JsonValue;
  readonly archived_at: Instant | null;
}

/** A row of `experiment_details` as it is read. */
export interface ExperimentDetailsRow {
  readonly experiment_id: string;
  readonly hypothesis: string | null;
  readonly owner: string | null;
  readonly planned_days: number | null;
  readonly description: string | null;
  readonly authors: readonly string[];
  readonly submitted_by: string | null;
  readonly content_version: number;
  readonly proposal: ExperimentProposal | null;
  readonly started_at: Instant | null;
  readonly completed_at: Instant | null;
  readonly outcome: ExperimentOutcome | null;
}

/** The columns of a {@link FlagDetailsRow}. */
export function flagDetailsColumns(knex: Knex): readonly (string | Knex.Raw)[] {
  const archivedAt = knex.raw(`${microsOf("archived_at")} AS archived_at`);
  return ["id", "description", "owner", "tags", "value_schema", archivedAt];
}

/** The columns of an {@link ExperimentDetailsRow}. */
export function experimentDetailsColumns(knex: Knex): readonly (string | Knex.Raw)[] {
  const startedAt = knex.raw(`${microsOf("started_at")} AS started_at`);
  const completedAt = knex.raw(`${microsOf("completed_at")} AS completed_at`);
  const plain = [
    "hypothesis",
    "owner",
    "planned_days",
    "description",
    "authors",
    "content_version",
    "proposal",
    "outcome",
  ];
  return ["experiment_id", ...plain, knex.raw(exactText("submitted_by")), startedAt, completedAt];
}

/** Builds what is said about a flag from its row. */
export function toFlagDetails(row: FlagDetailsRow): FlagDetails {
  return {
    flagId: row.id,
    description: row.description,
    owner: row.owner,
    tags: row.tags,
    valueSchema: row.value_schema,
    archivedAt: row.archived_at,
  };
}

/** Builds what is said about an experiment from its row. */
export function toExperimentDetails(row: ExperimentDetailsRow): ExperimentDetails {
  return {
    experimentId: row.experiment_id,
    hypothesis: row.hypothesis,
    owner: row.owner,
    plannedDays: row.planned_days,
    description: row.description,
    authors: row.authors,
    submittedBy: row.submitted_by,
    contentVersion: row.content_version,
    proposal: row.proposal,
    startedAt: row.started_at,
    completedAt: row.completed_at,
    outcome: row.outcome,
  };
}
