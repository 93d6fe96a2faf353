import { LottyError } from "@lotty/domain";
import { describe, expect, it } from "vitest";
import { databaseFault, guarded, toDatabaseError, toRecordingError } from "./database-error.ts";

function serverError(code: string, fields: object = {}): Error {
  return Object.assign(new Error("what the server says"), { severity: "ERROR", code, ...fields });
}

describe("errors of the database", () => {
  it.each([
    ["08006", "connection", "database_unavailable", "decision_store_unavailable"],
    ["22021", "data", "database_rejected", "decision_rejected"],
    ["22P02", "data", "database_rejected", "decision_rejected"],
    ["23503", "data", "database_rejected", "decision_rejected"],
    ["23505", "data", "database_rejected", "decision_rejected"],
    ["23514", "data", "database_rejected", "decision_rejected"],
    ["25006", "connection", "database_unavailable", "decision_store_unavailable"],
    ["26000", "connection", "database_unavailable", "decision_store_unavailable"],
    ["28P01", "unavailable", "database_unavailable", "decision_store_unavailable"],
    ["3D000", "unavailable", "database_unavailable", "decision_store_unavailable"],
    ["40001", "contention", "database_unavailable", "decision_store_unavailable"],
    ["40P01", "contention", "database_unavailable", "decision_store_unavailable"],
    ["42501", "refused", "database_rejected", "decision_store_unavailable"],
    ["42601", "refused", "database_rejected", "decision_store_unavailable"],
    ["42883", "schema", "schema_mismatch", "decision_store_unavailable"],
    ["42P01", "schema", "schema_mismatch", "decision_store_unavailable"],
    ["53100", "unavailable", "database_unavailable", "decision_store_unavailable"],
    ["53300", "unavailable", "database_unavailable", "decision_store_unavailable"],
    ["54000", "data", "database_rejected", "decision_rejected"],
    ["55P03", "unavailable", "database_unavailable", "decision_store_unavailable"],
    ["57014", "unavailable", "database_unavailable", "decision_store_unavailable"],
    ["57P01", "connection", "database_unavailable", "decision_store_unavailable"],
    ["58030", "unavailable", "database_unavailable", "decision_store_unavailable"],
    ["XX000", "unavailable", "database_unavailable", "decision_store_unavailable"],
  ])("are told by SQLSTATE: %s is a fault of kind %s", (state, fault, general, recording) => {
    const error = serverError(state);
    expect(databaseFault(error)).toBe(fault);
    expect(toDatabaseError(error)).toMatchObject({ code: general, cause: error, details: { sqlState: state } });
    expect(toRecordingError(error)).toMatchObject({ code: recording, cause: error, details: { sqlState: state } });
  });

  it("are an outage when they come from the network, also when Node's code looks like an SQLSTATE", () => {
    for (const code of ["ECONNREFUSED", "EPIPE", undefined]) {
      const error = Object.assign(new Error("the network"), { code });
      expect(toDatabaseError(error).code).toBe("database_unavailable");
      expect(toRecordingError(error).code).toBe("decision_store_unavailable");
    }
  });

  it("are not an outage when our own code is at fault", () => {
    for (const convert of [toDatabaseError, toRecordingError]) {
      expect(convert(new TypeError("x is not a function"))).toMatchObject({ code: "internal", retryable: false });
    }
  });

  it("never repeat what was sent", () => {
    const error = serverError("23505", {
      detail: "Key (subject_id)=(secret) already exists.",
      constraint: "one_name",
      table: "flags",
    });
    const { message, details } = toDatabaseError(error);
    expect(details).toStrictEqual({ sqlState: "23505", constraint: "one_name", table: "flags" });
    expect(message).not.toContain("secret");
  });

  it("stay as they are when they are told already", async () => {
    const conflict = new LottyError("revision_conflict", "moved on");
    expect(toDatabaseError(conflict)).toBe(conflict);
    await expect(guarded(() => Promise.reject(conflict))).rejects.toBe(conflict);
    expect(await guarded(() => Promise.resolve(1))).toBe(1);
    const closed = new LottyError("database_unavailable", "closed");
    expect(toRecordingError(closed)).toMatchObject({ code: "decision_store_unavailable", cause: closed });
    const rejected = new LottyError("decision_rejected", "no");
    expect(toRecordingError(rejected)).toBe(rejected);
  });
});
