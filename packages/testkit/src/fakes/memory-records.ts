import { createHash, randomUUID } from "node:crypto";
import {
  assignmentsOf,
  EMPTY_AUDIT_HEAD,
  erasedSubjectId,
  MICROS_PER_MILLI,
  type AuditEntry,
  type ConfigurationHistory,
  type DecisionLog,
  type DecisionRecord,
  type Erasure,
  type Instant,
  type JsonObject,
  type PastAssignment,
  type RecordedAttributes,
  type SubjectEraser,
  type SubjectPast,
} from "@lotty/domain";
import type { MemoryDecisionStore } from "./memory-decision-store.ts";

/** The digest of a subject that has no attributes. */
const DIGEST_OF_NONE = createHash("sha256").update("{}").digest("hex");

/** The ports that look back at what a {@link MemoryDecisionStore} has taken, and erase subjects from it. */
export interface MemoryRecords {
  readonly log: DecisionLog;
  readonly past: SubjectPast;
  readonly recordedAttributes: RecordedAttributes;
  readonly configurationHistory: ConfigurationHistory;
  readonly eraser: SubjectEraser;
  /** What erasures have put on record. */
  readonly entries: readonly AuditEntry[];
}

/** Makes the fakes of the ports that look back. */
export function memoryRecords(store: MemoryDecisionStore): MemoryRecords {
  const entries: AuditEntry[] = [];
  return {
    entries,
    log: logOf(store),
    past: pastOf(store),
    recordedAttributes: attributesOf(store),
    configurationHistory: historyOf(store),
    eraser: eraserOf(store, entries),
  };
}

function logOf(store: MemoryDecisionStore): DecisionLog {
  return {
    find: async (environmentId, decisionId) =>
      store.decisions.find((each) => each.decisionId === decisionId && each.environmentId === environmentId) ?? null,
    list: async ({ before, environmentId, experimentId, flagKey, from, limit, subjectId, to }) => {
      const found = store.decisions
        .filter(
          (each) =>
            each.environmentId === environmentId &&
            millisOf(each) >= wholeMillis(from) &&
            millisOf(each) < wholeMillis(to) &&
            (before === undefined || each.decisionId < before) &&
            (subjectId === undefined || each.subjectId === subjectId) &&
            (experimentId === undefined || each.experimentId === experimentId) &&
            (flagKey === undefined || each.flagKey === flagKey),
        )
        .toSorted(byId)
        .toReversed();
      const decisions = found.slice(0, limit);
      return { decisions, next: found.length > limit ? (decisions.at(-1)?.decisionId ?? null) : null };
    },
  };
}

function attributesOf(store: MemoryDecisionStore): RecordedAttributes {
  return {
    of: async (decision) => {
      if (decision.attributesDigest === DIGEST_OF_NONE) return {};
      const text = store.attributesOf(decision);
      const value: unknown = text === undefined ? null : JSON.parse(text);
      return isObject(value) ? value : null;
    },
  };
}

function isObject(parsed: unknown): parsed is JsonObject {
  return typeof parsed === "object" && parsed !== null && !Array.isArray(parsed);
}

function pastOf(store: MemoryDecisionStore): SubjectPast {
  return {
    around: async ({ environmentId, from, subjectId, to }) => {
      const own = store.decisions
        .filter((each) => each.environmentId === environmentId && each.subjectId === subjectId)
        .toSorted(byId);
      const within = own.filter((each) => millisOf(each) >= wholeMillis(from) && millisOf(each) <= wholeMillis(to));
      return {
        before: assignmentsOf(own.filter((each) => millisOf(each) < wholeMillis(from))),
        since: within.flatMap(pastAssignment),
      };
    },
  };
}

function pastAssignment({ decidedAt, decisionId, experimentId, reason, variantId }: DecisionRecord): PastAssignment[] {
  if (reason !== "experiment_assigned" || experimentId === null || variantId === null) return [];
  return [{ decisionId, experimentId, variantId, decidedAt }];
}

function historyOf(store: MemoryDecisionStore): ConfigurationHistory {
  return {
    inForce: async (environmentId, { from, to }) => {
      const changes = store.changes.filter(({ configuration }) => configuration.environmentId === environmentId);
      const all = [
        { revision: 0, since: null },
        ...changes.map(({ changedAt, configuration }) => ({ revision: configuration.revision, since: changedAt })),
      ];
      const first = all.findLastIndex(({ since }) => since === null || since <= from);
      return all
        .slice(first)
        .filter(({ since }) => since === null || since <= to)
        .toReversed();
    },
    at: async (environmentId, revision) =>
      revision === 0
        ? { environmentId, revision, flags: [], experiments: [], domains: [], segments: [] }
        : (store.changes
            .map(({ configuration }) => configuration)
            .find((each) => each.environmentId === environmentId && each.revision === revision) ?? null),
    experimentWritings: async (environmentId, experimentId) =>
      store.changes
        .filter(({ configuration }) => configuration.environmentId === environmentId)
        .flatMap(({ changedAt: at, configuration: { experiments } }) =>
          experiments.filter(({ id }) => id === experimentId).map((experiment) => ({ experiment, at })),
        )
        .filter(({ experiment }, index, all) => experiment !== all[index - 1]?.experiment),
  };
}

function eraserOf(store: MemoryDecisionStore, chain: AuditEntry[]): SubjectEraser {
  const erasures: { readonly place: string; readonly erasure: Erasure }[] = [];
  const place = (environmentId: string, subjectId: string): string => `${environmentId} ${subjectId}`;
  return {
    erase: async ({ at, by, environmentId, subjectId }, audit) => {
      const pseudonym = erasedSubjectId(randomUUID());
      const counts = store.countSubject(environmentId, subjectId);
      // Events are kept by another fake, which knows of no erasure.
      const erasure: Erasure = { erasureId: randomUUID(), at, by, ...counts, events: 0 };
      // Before anything is erased: what fails here must leave everything.
      chain.push(...audit(erasure)(chain.at(-1) ?? EMPTY_AUDIT_HEAD));
      store.rewriteSubject(environmentId, subjectId, (decision) => ({
        ...decision,
        subjectId: pseudonym,
        attributesDigest: null,
      }));
      erasures.push({ place: place(environmentId, subjectId), erasure });
      return erasure;
    },
    erasuresOf: async (environmentId, subjectId) =>
      erasures
        .filter((each) => each.place === place(environmentId, subjectId))
        .map(({ erasure }) => erasure)
        .toSorted((a, b) => b.at - a.at),
  };
}

function byId(one: DecisionRecord, other: DecisionRecord): number {
  return one.decisionId < other.decisionId ? -1 : 1;
}

/** The time in a decision's id. */
function millisOf({ decisionId }: DecisionRecord): Instant {
  return Number.parseInt(decisionId.replace("-", "").slice(0, 12), 16) * MICROS_PER_MILLI;
}

function wholeMillis(instant: Instant): Instant {
  return Math.floor(instant / MICROS_PER_MILLI) * MICROS_PER_MILLI;
}
