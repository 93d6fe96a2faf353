/** Subjects that are looked at. */
export interface Crowd {
  readonly name: string;
  /** None twice. */
  readonly ids: readonly string[];
}
