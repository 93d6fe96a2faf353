const PREFIX = "erased:";

const ERASED = /^erased:[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/;

/** The id that the decisions of an erased subject get. @param uuid a new, random one */
export function erasedSubjectId(uuid: string): string {
  return `${PREFIX}${uuid}`;
}

/** Whether a subject id is what an erasure leaves. */
export function isErasedSubjectId(subjectId: string): boolean {
  return ERASED.test(subjectId);
}
