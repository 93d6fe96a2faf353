import type { DecisionRecords } from "@lotty/decisions";
import { LottyError } from "@lotty/domain";

function refuse(): Promise<never> {
  return Promise.reject(new LottyError("not_ready", "The service is starting."));
}

/** The decisions on record while there is no database to read them from. */
export const UNSTARTED_RECORDS: DecisionRecords = {
  find: refuse,
  list: refuse,
  subject: refuse,
  replay: refuse,
  erase: refuse,
};
