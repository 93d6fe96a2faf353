import {
  holderOf,
  keptVariant,
  decide,
  drawn,
  experimentById,
  refusalByHistory,
  type Holding,
} from "../oracle/decide.ts";
import type { ModelConfiguration } from "../oracle/configuration.ts";
import type { CandidateRevision, ConfigurationHistory } from "../world/configuration-history.ts";
import type { Troubles } from "../world/troubles.ts";
import type { Finding } from "./evidence.ts";
import { holdingOf, type Evidence, type Place, type SubjectLedger } from "./subject-ledger.ts";

/** What entries are judged by. */
export interface EntryOptions {
  readonly configurations: ConfigurationHistory;
  readonly troubles: Troubles;
  readonly ledger: SubjectLedger;
  /** Names of the processes that decide. */
  readonly processes: readonly string[];
}

/** What came of judging the entries of one subject. */
export interface EntryVerdict {
  readonly entries: number;
  readonly finding: Finding | null;
  /** Entries beyond a limit that are documented: while the database was away, one process did not know of the other. */
  readonly degradedLimit: number;
  readonly degradedDomain: number;
}

/** A row nobody was told of was committed within this time, or went to a spool. */
const UNANSWERED_MILLIS = 20_000;

/** A subject's first decision in an experiment. */
interface Entry {
  readonly place: Place;
  readonly holding: Holding;
  readonly from: number;
  /** When it surely was in the table; infinite when only a spool may have had it. */
  readonly to: number;
  /** The rows of which any may have been the first to be written. */
  readonly creators: readonly Evidence[];
}

/**
 * Judges how a subject came into the experiments of this round: there must be an order of entries, in keeping with the clock,
 * in which each passes the gates of participation and conflict domains with all earlier ones in view. Parallel requests that
 * are explainable one by one, but only by ignoring each other, do not pass.
 */
export function checkEntries(subject: string, options: EntryOptions): EntryVerdict {
  const places = options.ledger.placesOf(subject);
  const before = places.filter(({ settled }) => settled !== null).map((place) => holdingOf(place));
  const entries = places.filter(({ settled }) => settled === null).map(entryOf);
  const judge = (entry: Entry, history: readonly Holding[]): boolean => mayEnter(entry, history, options);
  const found = order({ left: entries, history: before, judge }) !== null;
  const byTime = entries.toSorted((a, b) => a.holding.firstAt - b.holding.firstAt);
  const degraded = byTime.filter((entry) => isExempt(entry, options));
  const reasons = degraded.map((entry) => refusalOf(entry, [...before, ...earlierThan(entry, byTime)], options));
  return {
    entries: entries.length,
    finding: found || entries.length === 0 ? null : describe(subject, { before, byTime, options }),
    degradedLimit: reasons.filter((reason) => reason === "participation_limit").length,
    degradedDomain: reasons.filter((reason) => reason === "domain_conflict").length,
  };
}

function entryOf(place: Place): Entry {
  const committed = place.fresh
    .filter(({ committed: done }) => done)
    .map(({ attempt }) => attempt?.endedAt ?? Infinity);
  const to = Math.min(Number.POSITIVE_INFINITY, ...committed);
  return {
    place,
    holding: holdingOf(place),
    from: Math.min(...place.fresh.map(beginOf)),
    to,
    creators: place.fresh.filter((evidence) => beginOf(evidence) <= to),
  };
}

function beginOf({ attempt, row }: Evidence): number {
  return attempt?.startedAt ?? row.decidedAt;
}

interface Ordering {
  readonly left: readonly Entry[];
  readonly history: readonly Holding[];
  readonly judge: (entry: Entry, history: readonly Holding[]) => boolean;
}

/** An order in which all may enter, or `null`. */
function order({ history, judge, left }: Ordering): readonly Entry[] | null {
  if (left.length === 0) return [];
  for (const entry of left) {
    const others = left.filter((other) => other !== entry);
    if (others.some(({ to }) => to < entry.from) || !judge(entry, history)) continue;
    const rest = order({ left: others, history: [...history, entry.holding], judge });
    if (rest !== null) return [entry, ...rest];
  }
  return null;
}

function mayEnter(entry: Entry, history: readonly Holding[], options: EntryOptions): boolean {
  return entry.creators.some(
    (creator) =>
      mayBeDegraded(creator, options) ||
      configurationsOf(creator, options).some((configuration) => passes(creator, { configuration, history })),
  );
}

function isExempt(entry: Entry, options: EntryOptions): boolean {
  return entry.creators.some((creator) => mayBeDegraded(creator, options));
}

/** Whether a decision may rest on less than everything, as it is documented for while the database is away. */
function mayBeDegraded({ attempt, degraded, row }: Evidence, { troubles }: EntryOptions): boolean {
  if (attempt !== null) return degraded;
  return troubles.postgresWasAway(row.decidedAt - 2_000, row.decidedAt + UNANSWERED_MILLIS);
}

/** The configurations by which a row may have been decided. */
export function configurationsOf(evidence: Evidence, options: EntryOptions): readonly ModelConfiguration[] {
  return candidatesOf(evidence, options).map(({ revision }) => revision.configuration);
}

function candidatesOf({ attempt, row }: Evidence, options: EntryOptions): readonly CandidateRevision[] {
  const { configurations, processes } = options;
  if (attempt !== null) return configurations.candidates(attempt);
  const span = { startedAt: row.decidedAt, endedAt: row.decidedAt + UNANSWERED_MILLIS };
  return processes.flatMap((process) => configurations.candidates({ process, ...span }));
}

interface Setting {
  readonly configuration: ModelConfiguration;
  readonly history: readonly Holding[];
}

function passes(evidence: Evidence, { configuration, history }: Setting): boolean {
  const { attempt, row, variantId } = evidence;
  if (attempt === null) return passesWithoutAttributes(evidence, { configuration, history });
  const { attributes, subject } = attempt.question;
  const expected = decide(configuration, row.flag, { subject, attributes, history, now: attempt.startedAt });
  return expected.reason === "experiment_assigned" && expected.variantId === variantId;
}

/** Of a row that nobody was told of the attributes are not known; what does not depend on them must hold. */
function passesWithoutAttributes({ row, variantId }: Evidence, { configuration, history }: Setting): boolean {
  const experiment = experimentById(configuration, row.experimentId ?? "");
  if (experiment?.status !== "running" || experiment.flag !== row.flag) return false;
  const variant = keptVariant(configuration, experiment, history) ?? drawn(configuration, experiment, row.subject);
  if (variant?.variantId !== variantId) return false;
  const limitless = { ...configuration, definitions: { ...configuration.definitions, domains: [] } };
  const asker = { subject: row.subject, attributes: {}, history, now: row.decidedAt };
  if (refusalByHistory(limitless, experiment, asker) !== null) return false;
  return configuration.definitions.domains
    .filter(({ members }) => members.some((member) => member.experiment === experiment.key))
    .every((domain) => [null, experiment.key].includes(holderOf(configuration, domain, history)));
}

function earlierThan(entry: Entry, byTime: readonly Entry[]): readonly Holding[] {
  return byTime.slice(0, byTime.indexOf(entry)).map(({ holding }) => holding);
}

/** Why an entry is refused by every configuration, given a history; `null` when some lets it in. */
function refusalOf(entry: Entry, history: readonly Holding[], options: EntryOptions): string | null {
  const refusals = entry.creators.flatMap((creator) =>
    configurationsOf(creator, options).map((configuration) => {
      const experiment = experimentById(configuration, entry.place.experimentId);
      if (experiment === undefined) return "unknown experiment";
      const { attempt, row } = creator;
      const asker = {
        subject: row.subject,
        attributes: attempt?.question.attributes ?? {},
        history,
        now: row.decidedAt,
      };
      return refusalByHistory(configuration, experiment, asker);
    }),
  );
  return refusals.includes(null) ? null : (refusals[0] ?? "no configuration");
}

function describe(
  subject: string,
  {
    before,
    byTime,
    options,
  }: { readonly before: readonly Holding[]; readonly byTime: readonly Entry[]; readonly options: EntryOptions },
): Finding {
  const refusals = byTime.map((entry) => refusalOf(entry, [...before, ...earlierThan(entry, byTime)], options));
  const worst = refusals.find((refusal) => refusal !== null);
  const lines = byTime.flatMap((entry, index) => [
    `${new Date(entry.holding.firstAt).toISOString()} entered ${entry.place.experimentId}: ${refusals[index] ?? "allowed"}`,
    ...entry.creators.map(({ attempt, degraded, row, variantId }) => {
      const who = attempt === null ? "nobody was told" : `turn ${String(attempt.turn)} at ${attempt.process}`;
      return `  ${row.id} ${row.flag} variant ${variantId}, ${who}${degraded ? ", degraded" : ""}`;
    }),
    ...new Set(
      entry.creators.flatMap((creator) =>
        candidatesOf(creator, options).map(
          ({ freshness, revision }) =>
            `  may be of revision ${String(revision.configuration.revision)} (${freshness}; ${revision.what})`,
        ),
      ),
    ),
  ]);
  const held = before.map(({ experimentId }) => experimentId).join(", ");
  return {
    kind: kindOf(worst ?? null),
    at: byTime[0]?.holding.firstAt ?? 0,
    lines: [`subject ${subject}; held before: ${held || "nothing"}`, ...lines],
  };
}

function kindOf(refusal: string | null): Finding["kind"] {
  if (refusal === "participation_limit") return "participation limit exceeded";
  return refusal === "domain_conflict" ? "two experiments of a domain" : "unexplained entry";
}
