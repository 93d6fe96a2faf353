import type { Planner, Results } from "@lotty/analysis";
import { LottyError } from "@lotty/domain";

/** What the API says about experiments, and before them. */
export interface ApiResults {
  readonly results: Results;
  readonly planner: Planner;
}

/** What the routes of results work with. */
export interface ResultsParts {
  /** @throws LottyError `not_ready` while it is not there */
  readonly results: () => ApiResults;
}

/** There is no database yet. */
export function noResults(): never {
  throw new LottyError("not_ready", "The service is starting.");
}
