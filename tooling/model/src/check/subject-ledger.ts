import type { Holding } from "../oracle/decide.ts";
import type { AssignmentRow, Attempt, DecisionRow } from "./evidence.ts";

/** A row that put a subject into an experiment or confirmed it there. */
export interface Evidence {
  readonly row: DecisionRow;
  readonly variantId: string;
  /** Whose answer told of it; `null` when nobody was told. */
  readonly attempt: Attempt | null;
  /** Whether it was in the table when the answer came. */
  readonly committed: boolean;
  readonly degraded: boolean;
}

/** What is known of a subject in an experiment. */
export interface Place {
  readonly subject: string;
  readonly experimentId: string;
  /** What earlier rounds left. `variants` are several when the last decisions were of the same instant. */
  settled: { readonly variants: readonly string[]; readonly firstAt: number; readonly lastAt: number } | null;
  /** Since when the table surely has it. */
  storedSince: number;
  /** Since when each life of a process surely knows of it by its own doing. */
  readonly knownTo: Map<string, number>;
  /** When each life of a process first decided so itself. */
  readonly firstBy: Map<string, number>;
  /** Of this round. */
  fresh: Evidence[];
}

/** How an answer may have seen one place of its subject. */
export interface View {
  readonly experimentId: string;
  readonly variants: readonly string[];
  readonly firstAt: number;
  readonly lastAt: number;
  /** The table had it before the request began. */
  readonly stored: boolean;
  /** The same, and so long before that no cache of histories can be older. */
  readonly storedLongAgo: boolean;
  /** The process itself had written it before the request began. */
  readonly knownToProcess: boolean;
  /** When the process itself first decided so, which is all that it knows of the beginning if it could not ask; `null` if it never did. */
  readonly firstByProcess: number | null;
}

/** Who takes part in what, as far as tables and answers tell. */
export class SubjectLedger {
  readonly #subjects = new Map<string, Map<string, Place>>();
  readonly #historyTtlMillis: number;

  /** @param historyTtlMillis how long histories may be kept in caches */
  constructor(historyTtlMillis: number) {
    this.#historyTtlMillis = historyTtlMillis;
  }

  /** A row that was there before the first request. */
  addPast({ experimentId, firstAt, lastAt, subject, variantId }: AssignmentRow): void {
    const place = this.#place(subject, experimentId);
    place.settled = { variants: [variantId], firstAt, lastAt };
    place.storedSince = Number.NEGATIVE_INFINITY;
  }

  /** A row with `experiment_assigned`. */
  add(evidence: Evidence): void {
    const { attempt, row } = evidence;
    if (row.experimentId === null) return;
    const place = this.#place(row.subject, row.experimentId);
    place.fresh.push(evidence);
    if (attempt === null) return;
    const life = lifeOf(attempt);
    place.knownTo.set(life, Math.min(place.knownTo.get(life) ?? Number.POSITIVE_INFINITY, attempt.endedAt));
    place.firstBy.set(life, Math.min(place.firstBy.get(life) ?? Number.POSITIVE_INFINITY, row.decidedAt));
    if (evidence.committed) place.storedSince = Math.min(place.storedSince, attempt.endedAt);
  }

  /** All places of a subject. */
  placesOf(subject: string): readonly Place[] {
    return [...(this.#subjects.get(subject)?.values() ?? [])];
  }

  /** Subjects with something new since the last {@link settle}. */
  freshSubjects(): readonly string[] {
    return [...this.#subjects.keys()].filter((subject) => this.placesOf(subject).some(({ fresh }) => fresh.length > 0));
  }

  /** What an answer may have seen of its subject's history. What it has written itself is left out. */
  viewsFor(attempt: Attempt): readonly View[] {
    return this.placesOf(attempt.question.subject).flatMap((place) => {
      const others = place.fresh.filter(
        (evidence) => evidence.attempt !== attempt && evidence.row.decidedAt <= attempt.endedAt,
      );
      if (place.settled === null && others.length === 0) return [];
      const times = others.map(({ row }) => row.decidedAt);
      return [
        {
          experimentId: place.experimentId,
          variants: this.#variants(place, others, attempt),
          firstAt: Math.min(place.settled?.firstAt ?? Number.POSITIVE_INFINITY, ...times),
          lastAt: Math.max(place.settled?.lastAt ?? Number.NEGATIVE_INFINITY, ...times),
          stored: place.storedSince <= attempt.startedAt,
          storedLongAgo: place.storedSince <= attempt.startedAt - this.#historyTtlMillis,
          knownToProcess: isBefore(place.knownTo.get(lifeOf(attempt)), attempt),
          firstByProcess: firstBefore(place.firstBy.get(lifeOf(attempt)), attempt),
        },
      ];
    });
  }

  /** The table has everything now: what happens later can have seen all of it. */
  settle(at: number): readonly Place[] {
    const touched: Place[] = [];
    for (const places of this.#subjects.values()) {
      for (const place of places.values()) {
        if (place.fresh.length === 0) continue;
        const rows = place.fresh.map(({ row, variantId }) => ({ at: row.decidedAt, variantId }));
        const lastAt = Math.max(place.settled?.lastAt ?? 0, ...rows.map((row) => row.at));
        const latest = rows.filter((row) => row.at === lastAt).map(({ variantId }) => variantId);
        const earlier = place.settled?.lastAt === lastAt ? place.settled.variants : [];
        place.settled = {
          variants: [...new Set([...earlier, ...latest])],
          firstAt: Math.min(place.settled?.firstAt ?? Number.POSITIVE_INFINITY, ...rows.map((row) => row.at)),
          lastAt,
        };
        place.storedSince = Math.min(place.storedSince, at);
        place.fresh = [];
        touched.push(place);
      }
    }
    return touched;
  }

  /** The variants that the last decision before may have had, whichever of the parallel ones it was. */
  #variants(place: Place, others: readonly Evidence[], attempt: Attempt): readonly string[] {
    const sureBefore = attempt.startedAt - this.#historyTtlMillis;
    const sure = others.filter((each) => each.committed && (each.attempt?.endedAt ?? Infinity) <= sureBefore);
    const last = Math.max(place.settled?.lastAt ?? 0, ...sure.map(({ row }) => row.decidedAt));
    const possible = others.filter(({ row }) => row.decidedAt >= last).map(({ variantId }) => variantId);
    return [...new Set([...(place.settled?.lastAt === last ? place.settled.variants : []), ...possible])];
  }

  #place(subject: string, experimentId: string): Place {
    let places = this.#subjects.get(subject);
    if (places === undefined) this.#subjects.set(subject, (places = new Map<string, Place>()));
    let place = places.get(experimentId);
    if (place === undefined) {
      place = {
        subject,
        experimentId,
        settled: null,
        storedSince: Infinity,
        knownTo: new Map(),
        firstBy: new Map(),
        fresh: [],
      };
      places.set(experimentId, place);
    }
    return place;
  }
}

/** A place as the gates see it. */
export function holdingOf(place: Place): Holding {
  const times = place.fresh.map(({ row }) => row.decidedAt);
  return {
    experimentId: place.experimentId,
    variantId: place.settled?.variants[0] ?? place.fresh[0]?.variantId ?? "",
    firstAt: Math.min(place.settled?.firstAt ?? Number.POSITIVE_INFINITY, ...times),
    lastAt: Math.max(place.settled?.lastAt ?? Number.NEGATIVE_INFINITY, ...times),
  };
}

function isBefore(at: number | undefined, { startedAt }: Attempt): boolean {
  return at !== undefined && at <= startedAt;
}

/** What the process decided since then explains nothing. */
function firstBefore(at: number | undefined, attempt: Attempt): number | null {
  return at !== undefined && isBefore(at, attempt) ? at : null;
}

function lifeOf({ life, process }: Attempt): string {
  return `${process}#${String(life)}`;
}
