import {
  type Configuration,
  type DecisionReason,
  type Experiment,
  type Instant,
  type JsonValue,
  type RecordedSubject,
} from "@lotty/domain";
import { parseRule } from "@lotty/dsl";
import { canonicalJson, compileSnapshot, decide, type Outcome } from "@lotty/engine";

/** Subjects that are named as examples of each way to move. */
const SAMPLES = 5;

/** What a subject gets, and why. */
export interface Landing {
  readonly reason: DecisionReason;
  readonly variantId: string | null;
  readonly variantName: string | null;
  readonly value: JsonValue;
}

/** Subjects that go one way. */
export interface PreviewCell {
  readonly from: Landing;
  readonly to: Landing;
  /** Whether they get another variant or another value. */
  readonly moves: boolean;
  readonly subjects: number;
  /** Ids of the first few of them. */
  readonly samples: readonly string[];
}

/** Who would move. */
export interface EditPreview {
  /** Subjects that were looked at. */
  readonly subjects: number;
  /** Subjects that would get another variant or another value. */
  readonly moved: number;
  /** Old outcome to new outcome: ways that somebody goes, most subjects first. */
  readonly cells: readonly PreviewCell[];
}

/** What is to be previewed. */
export interface PreviewQuestion {
  readonly configuration: Configuration;
  /** The experiment as it would be; one of the configuration's has its id. Previewed as if it ran. */
  readonly edited: Experiment;
  readonly flagKey: string;
  readonly subjects: AsyncIterable<RecordedSubject>;
  readonly now: Instant;
}

/**
 * Decides for every recorded subject with the experiment as it is and as it would be, both as if it ran and on what the
 * subject takes part in now. Memory does not grow with the number of subjects; time is that of two decisions each.
 *
 * @throws LottyError of whoever reads the subjects
 */
export async function previewEdit(question: PreviewQuestion): Promise<EditPreview> {
  const { configuration, edited, flagKey, now } = question;
  const stored = configuration.experiments.find(({ id }) => id === edited.id);
  const before = compileSnapshot(withRunning(configuration, stored ?? edited), { parseRule });
  // Another version, so that nothing compiled is taken over from the stored one.
  const next = { ...edited, version: (stored ?? edited).version + 1 };
  const after = compileSnapshot(withRunning(configuration, next), { parseRule, previous: before });
  const tally = new Tally();
  for await (const { subject, history } of question.subjects) {
    const context = { subject, history, now };
    tally.add(decide(before, flagKey, context), decide(after, flagKey, context), subject.id);
  }
  return tally.preview();
}

function withRunning(configuration: Configuration, experiment: Experiment): Configuration {
  const others = configuration.experiments.filter(({ id }) => id !== experiment.id);
  return { ...configuration, experiments: [...others, { ...experiment, status: "running" }] };
}

interface CountedCell {
  readonly from: Landing;
  readonly to: Landing;
  readonly moves: boolean;
  subjects: number;
  readonly samples: string[];
}

/** Counts by pairs of outcomes, which the engine makes once per snapshot and shares. */
class Tally {
  readonly #cells = new Map<Outcome, Map<Outcome, CountedCell>>();

  add(from: Outcome, to: Outcome, subjectId: string): void {
    const row = this.#cells.get(from) ?? new Map<Outcome, CountedCell>();
    const cell = row.get(to) ?? newCell(from, to);
    cell.subjects += 1;
    if (cell.samples.length < SAMPLES) cell.samples.push(subjectId);
    row.set(to, cell);
    this.#cells.set(from, row);
  }

  preview(): EditPreview {
    const cells = merged([...this.#cells.values()].flatMap((row) => [...row.values()]));
    const count = (some: readonly PreviewCell[]): number => some.reduce((sum, { subjects }) => sum + subjects, 0);
    return { subjects: count(cells), moved: count(cells.filter(({ moves }) => moves)), cells };
  }
}

/** Cells that read the same are one: a kept and a drawn variant are two outcomes of the engine. */
function merged(cells: readonly CountedCell[]): readonly PreviewCell[] {
  const byText = new Map<string, CountedCell>();
  for (const cell of cells) {
    const text = canonicalJson([{ ...cell.from }, { ...cell.to }]);
    const known = byText.get(text);
    if (known === undefined) byText.set(text, cell);
    else {
      known.subjects += cell.subjects;
      known.samples.push(...cell.samples.slice(0, SAMPLES - known.samples.length));
    }
  }
  return [...byText.values()].toSorted((a, b) => b.subjects - a.subjects);
}

function newCell(from: Outcome, to: Outcome): CountedCell {
  const [start, end] = [landingOf(from), landingOf(to)];
  const moves = start.variantId !== end.variantId || canonicalJson(start.value) !== canonicalJson(end.value);
  return { from: start, to: end, moves, subjects: 0, samples: [] };
}

function landingOf({ reason, value, variant }: Outcome): Landing {
  return { reason, value, variantId: variant?.id ?? null, variantName: variant?.name ?? null };
}
