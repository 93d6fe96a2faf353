import type { Migration } from "./migration.ts";

/**
 * People, their sessions, and API keys. Of tokens and keys only digests are here. `identity_state` has one row: its
 * generation grows with every change of keys, and whoever changes people or keys locks it, so that the last admin cannot go
 * and the first cannot come twice.
 */
export const identity: Migration = {
  name: "0007_identity",
  sql: `
CREATE TABLE users (
  id uuid PRIMARY KEY,
  name text COLLATE "C" NOT NULL UNIQUE,
  roles text[] NOT NULL CHECK (cardinality(roles) > 0 AND roles <@ ARRAY['admin', 'experimenter', 'approver', 'viewer']),
  disabled boolean NOT NULL,
  password_hash text NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL
);

CREATE TABLE sessions (
  digest bytea PRIMARY KEY CHECK (length(digest) = 32),
  user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
  created_at timestamptz NOT NULL,
  last_seen_at timestamptz NOT NULL
);
CREATE INDEX sessions_user ON sessions (user_id);

CREATE TABLE api_keys (
  id uuid PRIMARY KEY,
  prefix text COLLATE "C" NOT NULL UNIQUE,
  digest bytea NOT NULL CHECK (length(digest) = 32),
  name text NOT NULL,
  type text NOT NULL CHECK (type IN ('server', 'client')),
  scopes text[] NOT NULL CHECK (cardinality(scopes) > 0 AND scopes <@ ARRAY['decide', 'events', 'manage', 'read']),
  roles text[] NOT NULL CHECK (cardinality(roles) > 0 AND roles <@ ARRAY['admin', 'experimenter', 'approver', 'viewer']),
  environment_id uuid NOT NULL REFERENCES environments,
  created_by text NOT NULL,
  created_at timestamptz NOT NULL,
  expires_at timestamptz,
  revoked_at timestamptz,
  last_used_at timestamptz
);

CREATE TABLE identity_state (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  generation bigint NOT NULL
);
INSERT INTO identity_state (generation) VALUES (0);
`,
};
