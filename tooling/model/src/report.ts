import { FINDING_KINDS, type Finding } from "./check/evidence.ts";
import type { ModelResult } from "./play/run-model.ts";

/** A figure that has to hold. */
export interface Figure {
  readonly name: string;
  readonly got: number;
  readonly holds: boolean;
}

/** Findings of a kind that are shown in full; of the rest only the number is told. */
const SHOWN_OF_A_KIND = 4;

/** What a run is judged by. */
export function figuresOf(result: ModelResult): readonly Figure[] {
  const { checks, decisions, drainSeconds, findings, surprises, tableRows } = result;
  const found = FINDING_KINDS.map((kind): Figure => {
    const got = findings.filter((finding) => finding.kind === kind).length;
    return { name: kind, got, holds: got === 0 };
  });
  return [
    atLeastOne("answers checked", checks.answers),
    atLeastOne("changes of the configuration", result.changes),
    atLeastOne("faults", result.faults.length),
    atLeastOne("entries into experiments", checks.entries),
    atLeastOne("events accepted", result.events.accepted),
    atLeastOne("keys made", result.keys.made),
    ...found,
    { name: "rows that no round has seen", got: tableRows - decisions.rows, holds: tableRows === decisions.rows },
    { name: "processes that ended by themselves", got: surprises.length, holds: surprises.length === 0 },
    { name: "streams that did not drain", got: drainSeconds === null ? 1 : 0, holds: drainSeconds !== null },
  ];
}

function atLeastOne(name: string, got: number): Figure {
  return { name, got, holds: got > 0 };
}

/** What happened and what was found, as lines for people. */
export function report(result: ModelResult): readonly string[] {
  const { checks, decisions, events, failures, faults, findings, keys, settings } = result;
  const byFault = Object.entries(Object.groupBy(faults, ({ name }) => name));
  return [
    ...FINDING_KINDS.flatMap((kind) => kindLines(findings.filter((finding) => finding.kind === kind))),
    "",
    `settings      ${settings.writeMode}, outcomes cached ${String(settings.outcomeTtlSeconds)} s, histories ` +
      `${String(settings.historyTtlSeconds)} s, configuration polled every ${String(settings.pollSeconds)} s`,
    `requests      ${String(result.attempts)} in ${String(result.turns)} turns, ${String(checks.answers)} answered`,
    `failures      ${counted(failures) || "none"}`,
    `changes       ${String(result.changes)}`,
    `faults        ${String(faults.length)}: ${byFault.map(([name, each]) => `${String(each?.length ?? 0)} ${name}`).join(", ")}`,
    `decisions     ${counted(decisions.byWord)}; ${String(decisions.rows)} rows, ${String(decisions.unanswered)} of them nobody was told of`,
    `configuration ${String(checks.current)} answers by the current one, ${String(checks.prompt)} by one less than a second out of date, ` +
      `${String(checks.outage)} by an older one after an outage`,
    `history       ${String(checks.olderHistory)} answers from an older one, ${String(checks.keptOutcome)} from a kept outcome, ` +
      `${String(checks.degraded)} degraded, ${String(checks.degradedInPeace)} of them without an outage`,
    `entries       ${String(checks.entries)} into experiments; while the database was away ${String(checks.degradedLimit)} beyond the limit ` +
      `and ${String(checks.degradedDomain)} against a domain, as documented`,
    `events        ${String(events.sent)} sent, ${String(events.accepted)} accepted, ${String(events.duplicates)} duplicates, ${String(events.ownDuplicates)} events of which were their own, ${String(events.rows)} rows`,
    `keys          ${String(keys.made)} made, ${String(keys.revoked)} of them revoked; taken up to ${String(checks.keyTakenMillis)} ms after that`,
    ...result.surprises,
  ];
}

/** The figures, one line each. */
export function figureLines(figures: readonly Figure[]): readonly string[] {
  return figures.map(({ got, holds, name }) => `${holds ? "ok  " : "MISS"} ${name}: ${String(got)}`);
}

/** The first findings of a kind, which are most often the cause of the others. */
function kindLines(findings: readonly Finding[]): readonly string[] {
  const more = findings.length - SHOWN_OF_A_KIND;
  const shown = findings.slice(0, SHOWN_OF_A_KIND).flatMap(findingLines);
  return more > 0 ? [...shown, `    ... and ${String(more)} more of the kind`] : shown;
}

function findingLines({ at, kind, lines }: Finding): readonly string[] {
  return [`${new Date(at).toISOString()} ${kind.toUpperCase()}`, ...lines.map((line) => `    ${line}`)];
}

function counted(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .map(([name, count]) => `${String(count)} ${name}`)
    .join(", ");
}
