import type { Migration } from "./migration.ts";

/**
 * What people are told, where, and what became of it. `announcements` is written in the commit of what it announces; routing turns
 * it into deliveries later. A delivery is claimed by a lease: a process that dies leaves nothing but a lease that ends.
 *
 * Announcements outlive the experiments that they are about, and what they say is `json`, which keeps every text as it is.
 */
export const notifications: Migration = {
  name: "0019_notifications",
  sql: `
CREATE TABLE announcements (
  environment_id uuid NOT NULL REFERENCES environments,
  id uuid NOT NULL,
  at timestamptz NOT NULL,
  kind text COLLATE "C" NOT NULL,
  experiment json,
  tags json NOT NULL,
  actor_name json NOT NULL,
  summary json NOT NULL,
  facts json NOT NULL,
  routed boolean NOT NULL DEFAULT false,
  PRIMARY KEY (environment_id, id)
);
CREATE INDEX announcements_unrouted ON announcements (environment_id, id) WHERE NOT routed;
CREATE INDEX announcements_time ON announcements (at);

CREATE TABLE webhooks (
  environment_id uuid NOT NULL REFERENCES environments,
  id uuid NOT NULL,
  name text COLLATE "C" NOT NULL,
  format text NOT NULL CHECK (format IN ('standard', 'slack')),
  shown_url text COLLATE "C" NOT NULL,
  sealed_secret text COLLATE "C" NOT NULL,
  previous_secret_until timestamptz,
  disabled boolean NOT NULL,
  disabled_reason json,
  version integer NOT NULL CHECK (version >= 1),
  updated_at timestamptz NOT NULL,
  PRIMARY KEY (environment_id, id),
  UNIQUE (environment_id, name) DEFERRABLE
);

CREATE TABLE notification_rules (
  environment_id uuid NOT NULL REFERENCES environments,
  id uuid NOT NULL,
  name text COLLATE "C" NOT NULL,
  enabled boolean NOT NULL,
  kinds json NOT NULL,
  experiment_ids json NOT NULL,
  tags json NOT NULL,
  webhook_ids json NOT NULL,
  digest_minutes integer NOT NULL CHECK (digest_minutes >= 0),
  max_per_hour integer CHECK (max_per_hour >= 1),
  version integer NOT NULL CHECK (version >= 1),
  updated_at timestamptz NOT NULL,
  PRIMARY KEY (environment_id, id),
  UNIQUE (environment_id, name) DEFERRABLE
);

CREATE TABLE deliveries (
  environment_id uuid NOT NULL,
  id uuid NOT NULL,
  message_id uuid NOT NULL,
  webhook_id uuid NOT NULL,
  rule_id uuid,
  replay_of uuid,
  status text NOT NULL CHECK (status IN ('pending', 'delivered', 'failed')),
  collecting boolean NOT NULL,
  created_at timestamptz NOT NULL,
  due_at timestamptz NOT NULL,
  leased_until timestamptz,
  attempts json NOT NULL,
  PRIMARY KEY (environment_id, id),
  FOREIGN KEY (environment_id, webhook_id) REFERENCES webhooks (environment_id, id) ON DELETE CASCADE DEFERRABLE
);
CREATE INDEX deliveries_due ON deliveries (due_at) WHERE status = 'pending';
CREATE INDEX deliveries_rule ON deliveries (environment_id, rule_id, due_at);
CREATE INDEX deliveries_webhook ON deliveries (environment_id, webhook_id, id);
CREATE INDEX deliveries_time ON deliveries (created_at);

CREATE TABLE delivery_announcements (
  environment_id uuid NOT NULL,
  delivery_id uuid NOT NULL,
  position integer NOT NULL CHECK (position >= 0),
  announcement_id uuid NOT NULL,
  PRIMARY KEY (environment_id, delivery_id, position),
  FOREIGN KEY (environment_id, delivery_id) REFERENCES deliveries (environment_id, id) ON DELETE CASCADE DEFERRABLE,
  FOREIGN KEY (environment_id, announcement_id) REFERENCES announcements (environment_id, id) DEFERRABLE
);
CREATE INDEX delivery_announcements_told ON delivery_announcements (environment_id, announcement_id);
`,
};
