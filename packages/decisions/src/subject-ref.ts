/** A subject in an environment. */
export interface SubjectRef {
  readonly environmentId: string;
  readonly subjectId: string;
}

/** Tells subjects apart; ids of environments have no spaces. */
export function subjectKey({ environmentId, subjectId }: SubjectRef): string {
  return `${environmentId} ${subjectId}`;
}
