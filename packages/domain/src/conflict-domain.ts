/** An experiment's place in a conflict domain. */
export interface DomainMember {
  readonly experimentId: string;
  /** The highest wins among the candidates for a subject that nobody holds yet. */
  readonly priority: number;
}

/** A group of experiments of which a subject may be in only one. */
export interface ConflictDomain {
  /** Lower-case UUID; part of the hash that breaks ties of priority. */
  readonly id: string;
  /** Human-readable name, unique in its environment. */
  readonly key: string;
  readonly members: readonly DomainMember[];
}
