import { LottyError } from "@lotty/domain";

/** Refuses a change that would overwrite records of another environment, which the statements leave out. */
export function refuseForeignRecords(kind: string, given: number, written: number): void {
  if (given === written) return;
  throw new LottyError("database_rejected", `Some ${kind} of the change belong to another environment`, {
    details: { kind, given, written },
  });
}
