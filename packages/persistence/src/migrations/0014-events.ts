import type { Migration } from "./migration.ts";

/**
 * Events and what follows from them at once: who was first exposed to what, which exposures wait for their decision, and whose
 * measures have to be computed anew.
 *
 * `events` is a log and refers to no other table. Its primary key finds duplicates for as long as events are kept; the index by
 * subject is what measures are computed from; `received_at` grows with the table, so a block range index is enough to find what is
 * old. Nothing is updated in it but by the erasure of a subject.
 *
 * `first_exposures` says the same whatever the order in which exposures arrived: the earliest by `(occurred_at, event_id)`, and whether any
 * named another variant.
 *
 * `subjects_to_fold` is written in the transaction that writes events. Whoever computes measures locks its rows in one statement
 * and reads events in a later one: only that sees all that was committed before the lock.
 */
export const events: Migration = {
  name: "0014_events",
  sql: `
CREATE TABLE event_types (
  environment_id uuid NOT NULL REFERENCES environments,
  key text COLLATE "C" NOT NULL CHECK (key <> 'exposure'),
  description json,
  schema json,
  requires_exposure boolean NOT NULL,
  archived_at timestamptz,
  version integer NOT NULL CHECK (version >= 1),
  updated_at timestamptz NOT NULL,
  PRIMARY KEY (environment_id, key)
);

CREATE TABLE events (
  environment_id uuid NOT NULL,
  decision_id uuid,
  occurred_at timestamptz NOT NULL,
  received_at timestamptz NOT NULL,
  value double precision,
  event_id text COLLATE "C" NOT NULL,
  event_type text COLLATE "C" NOT NULL,
  subject_id text COLLATE "C" NOT NULL,
  properties json NOT NULL,
  PRIMARY KEY (environment_id, event_id)
);
CREATE INDEX events_subject ON events (environment_id, subject_id, event_type, occurred_at);
CREATE INDEX events_received ON events USING brin (received_at);

CREATE TABLE first_exposures (
  environment_id uuid NOT NULL,
  experiment_id uuid NOT NULL,
  variant_id uuid NOT NULL,
  decision_id uuid NOT NULL,
  first_exposed_at timestamptz NOT NULL,
  several boolean NOT NULL,
  subject_id text COLLATE "C" NOT NULL,
  event_id text COLLATE "C" NOT NULL,
  segments json NOT NULL,
  PRIMARY KEY (environment_id, experiment_id, subject_id)
);
CREATE INDEX first_exposures_subject ON first_exposures (environment_id, subject_id);
COMMENT ON COLUMN first_exposures.several IS 'Exposures of the subject name more than one variant: it counts for none';
COMMENT ON COLUMN first_exposures.segments IS 'Scalar properties of the first exposure by name, as texts';

CREATE TABLE pending_exposures (
  environment_id uuid NOT NULL,
  decision_id uuid NOT NULL,
  occurred_at timestamptz NOT NULL,
  received_at timestamptz NOT NULL,
  next_try_at timestamptz,
  outcome text CHECK (outcome IN ('wrong_subject', 'not_assigned', 'expired')),
  event_id text COLLATE "C" NOT NULL,
  subject_id text COLLATE "C" NOT NULL,
  segments json NOT NULL,
  PRIMARY KEY (environment_id, event_id),
  CHECK ((next_try_at IS NULL) = (outcome IS NOT NULL))
);
CREATE INDEX pending_exposures_due ON pending_exposures (next_try_at) WHERE outcome IS NULL;
CREATE INDEX pending_exposures_subject ON pending_exposures (environment_id, subject_id);
COMMENT ON TABLE pending_exposures IS 'Exposures whose decision is not on record yet, and those that will never count, with the reason';

CREATE TABLE subjects_to_fold (
  environment_id uuid NOT NULL,
  received_at timestamptz NOT NULL,
  subject_id text COLLATE "C" NOT NULL,
  PRIMARY KEY (environment_id, subject_id)
);
CREATE INDEX subjects_to_fold_received ON subjects_to_fold (received_at);
COMMENT ON TABLE subjects_to_fold IS 'Subjects with events that are in no measure yet, since the oldest of them';
`,
};
