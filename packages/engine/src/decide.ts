import { assign, type SubjectInContext } from "./assign.ts";
import type { Outcome } from "./outcome.ts";
import { screen } from "./screen.ts";
import type { Snapshot } from "./snapshot.ts";

/**
 * Decides one flag for one subject: {@link screen}, then {@link assign} where an experiment wants the subject. A
 * function of its arguments alone.
 *
 * @throws LottyError `subject_not_encodable`
 */
export function decide(snapshot: Snapshot, flagKey: string, context: SubjectInContext): Outcome {
  const screened = screen(snapshot, flagKey, context.subject);
  return screened.settled ? screened : assign(snapshot, screened, context);
}
