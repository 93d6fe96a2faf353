/** Something to ask for, until it is answered. */
export interface Job {
  /** Used for this job and no other, so that rows can be told apart by it. */
  readonly subject: string;
  readonly body: string;
}

/** Makes the n-th job. */
export type JobMaker = (n: number) => Job;

/**
 * Four kinds in turn, so that all ways of recording occur: a flag without an experiment (queued where decisions are), an
 * assignment (always committed), two that are no assignment, and a mixture.
 */
export function mixedJobs(seed: number): JobMaker {
  return (n) => {
    const subject = `s${String(seed)}-${String(n)}`;
    return { subject, body: JSON.stringify({ ...question(n % 4), subject_id: subject }) };
  };
}

function question(kind: number): object {
  switch (kind) {
    case 0:
      return { flag: "banner" };
    case 1:
      return { flag: "button" };
    case 2:
      return { flags: ["banner", "prices"], attributes: { country: "US" } };
    default:
      return { flags: ["banner", "button", "prices"], attributes: { country: "DE" } };
  }
}
