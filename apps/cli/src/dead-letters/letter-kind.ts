import type { DeadLetters, DecisionRecord, EventRecord } from "@lotty/domain";

/** What dead letters are of. */
export const LETTERS_OF = ["decisions", "events"] as const;

/** One of {@link LETTERS_OF}. */
export type LettersOf = (typeof LETTERS_OF)[number];

/** Where dead letters are. */
export interface LetterBoxes {
  readonly deadLetters: DeadLetters;
  readonly eventDeadLetters: DeadLetters<EventRecord>;
}

/** How dead letters of one kind are found and shown. */
export interface LetterKind<Item> {
  readonly of: LettersOf;
  in(boxes: LetterBoxes): DeadLetters<Item>;
  /** Over the cells of an item. */
  readonly headings: readonly string[];
  cells(item: Item): readonly string[];
  /** For programs, in the names of the API; every one is `null` where nothing can be read. */
  present(item: Item | null): Readonly<Record<string, unknown>>;
}

/** Decisions that were set aside. */
export const DECISION_LETTERS: LetterKind<DecisionRecord> = {
  of: "decisions",
  in: ({ deadLetters }) => deadLetters,
  headings: ["DECISION", "FLAG", "SUBJECT"],
  cells: ({ decisionId, flagKey, subjectId }) => [decisionId, flagKey, subjectId],
  present: (decision) => ({
    decision_id: decision?.decisionId ?? null,
    flag: decision?.flagKey ?? null,
    subject_id: decision?.subjectId ?? null,
    experiment_id: decision?.experimentId ?? null,
  }),
};

/** Events that were set aside. */
export const EVENT_LETTERS: LetterKind<EventRecord> = {
  of: "events",
  in: ({ eventDeadLetters }) => eventDeadLetters,
  headings: ["EVENT", "TYPE", "SUBJECT"],
  cells: ({ eventId, eventType, subjectId }) => [eventId, eventType, subjectId],
  present: (event) => ({
    event_id: event?.eventId ?? null,
    event_type: event?.eventType ?? null,
    subject_id: event?.subjectId ?? null,
    decision_id: event?.decisionId ?? null,
  }),
};
