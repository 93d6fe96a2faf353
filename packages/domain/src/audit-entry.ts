import type { Actor } from "./actor.ts";
import type { Instant } from "./instant.ts";
import type { JsonValue } from "./json-value.ts";

/** What can be changed on record. */
export const AUDITED_KINDS = [
  "environment",
  "flag",
  "segment",
  "experiment",
  "domain",
  "approver_group",
  "user",
  "key",
  "subject",
  "event_type",
  "metric",
  "analysis_plan",
  "guardrail",
  "webhook",
  "notification_rule",
  "learning",
] as const;

/** One of {@link AUDITED_KINDS}. */
export type AuditedKind = (typeof AUDITED_KINDS)[number];

/** One change on record: a link of the installation's chain. */
export interface AuditEntry {
  /** Place in the chain, from 1, without gaps. */
  readonly sequence: number;
  /** UUIDv7. */
  readonly id: string;
  readonly at: Instant;
  readonly actor: Pick<Actor, "id" | "name" | "kind">;
  /** Where the change came from; `null` when that is not known. */
  readonly from: string | null;
  /** What was done, such as `experiment.start`. */
  readonly action: string;
  readonly entity: { readonly kind: AuditedKind; readonly id: string; readonly key: string };
  /** `null` when the change concerns all environments. */
  readonly environmentId: string | null;
  /** The thing as it was, without secrets; `null` when there was none. */
  readonly before: JsonValue;
  /** The thing as it is now, without secrets; `null` when it is gone. */
  readonly after: JsonValue;
  /** {@link AuditEntry.hash} of the entry before; {@link EMPTY_AUDIT_HEAD} has that of the first. */
  readonly previousHash: string;
  /** SHA-256 over everything else in the entry, lower-case hex. */
  readonly hash: string;
}

/** The end of the chain. */
export type AuditHead = Pick<AuditEntry, "sequence" | "hash">;

/** The end of a chain without entries. */
export const EMPTY_AUDIT_HEAD: AuditHead = Object.freeze({ sequence: 0, hash: "0".repeat(64) });

/** Makes the entries that follow the end of the chain. Called once the end can no longer move. */
export type AuditLink = (head: AuditHead) => readonly AuditEntry[];

/** What was done, before it has its place in the chain. */
export interface AuditDraft {
  readonly action: string;
  readonly entity: AuditEntry["entity"];
  /** The record as it was; `null` when there was none. Secrets are taken out. */
  readonly before: unknown;
  /** The record as it is now; `null` when it is gone. */
  readonly after: unknown;
}

/** Who did it, when, and where it takes effect. */
export interface AuditContext {
  readonly actor: Actor;
  readonly at: Instant;
  /** `null` when it concerns all environments. */
  readonly environmentId: string | null;
}

/** Makes what was done the next entries of the chain. */
export type AuditLinker = (drafts: readonly AuditDraft[], context: AuditContext) => AuditLink;

/**
 * Puts on record what a store has changed: it is told the record as it was (`null`: there was none) and as it is (`null`: it is
 * gone) inside of the transaction, which is undone when this or the entry fails.
 */
export type AuditOf<Record> = (before: Record | null, after: Record | null) => AuditLink;
