import type { AuditLink } from "../audit-entry.ts";
import type { Instant } from "../instant.ts";

/** Who is to be forgotten, and who wants it. */
export interface ErasureRequest {
  readonly environmentId: string;
  readonly subjectId: string;
  /** For the record. Never names the subject. */
  readonly by: string;
  readonly at: Instant;
}

/** That a subject was erased. Does not tell who it was. */
export interface Erasure {
  readonly erasureId: string;
  readonly at: Instant;
  readonly by: string;
  /** Decisions that were made anonymous. */
  readonly decisions: number;
  /** Assignments that were removed. */
  readonly assignments: number;
  /** Events that were made anonymous, exposures among them; `null` of an erasure that came before they were counted. */
  readonly events: number | null;
}

/** Erases subjects from the store. */
export interface SubjectEraser {
  /**
   * Makes all recorded decisions of a subject anonymous, under one pseudonym that is new and kept nowhere else, removes what is
   * recorded of its attributes, does the same with its events and their properties, removes its assignments, notes that this happened, and puts it on record: all or nothing. Decisions
   * still count in reports. May be repeated: what has arrived since is erased then.
   *
   * @param audit makes the entries; never from who the subject was
   * @throws LottyError `database_unavailable`; whatever the link throws
   */
  erase(request: ErasureRequest, audit: (erasure: Erasure) => AuditLink): Promise<Erasure>;

  /**
   * The erasures of a subject, newest first, at most the last 100.
   *
   * @throws LottyError `database_unavailable`
   */
  erasuresOf(environmentId: string, subjectId: string): Promise<readonly Erasure[]>;
}
