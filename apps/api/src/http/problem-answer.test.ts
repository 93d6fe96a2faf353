import { STATUS_CODES } from "node:http";
import { ERROR_CODES, LottyError } from "@lotty/domain";
import { HTTP_FAULT_CODES, REFUSAL_CODES, type ProblemCode } from "@lotty/contracts";
import { describe, expect, it } from "vitest";
import { problemAnswer, thrownAnswer } from "./problem-answer.ts";
import { STATUS_BY_CODE } from "./status-by-code.ts";

describe("problemAnswer", () => {
  it("tells every code with its status and phrase", () => {
    for (const code of Object.keys(STATUS_BY_CODE) as ProblemCode[]) {
      const answer = problemAnswer({ code, detail: "Something." }, "request-1");
      expect(answer.status).toBe(STATUS_BY_CODE[code]);
      expect(answer.mediaType).toBe("application/problem+json");
      expect(JSON.parse(answer.body)).toEqual({
        type: "about:blank",
        title: STATUS_CODES[STATUS_BY_CODE[code]],
        status: STATUS_BY_CODE[code],
        code,
        detail: "Something.",
        request_id: "request-1",
      });
    }
  });

  it("asks to try again exactly when the server is at fault or has too much to do, and trying again may help", () => {
    const retried = Object.keys(STATUS_BY_CODE).filter(
      (code) => problemAnswer({ code: code as ProblemCode, detail: "" }, "").headers?.["retry-after"] !== undefined,
    );
    expect(retried.toSorted()).toEqual(
      [
        "address_in_use",
        "cache_unavailable",
        "data_directory_in_use",
        "database_unavailable",
        "decision_store_unavailable",
        "decision_stream_unavailable",
        "not_ready",
        "overloaded",
        "rate_limited",
        "timeout",
      ].toSorted(),
    );
  });
});

describe("STATUS_BY_CODE", () => {
  it("has a status of the 4xx or 5xx for each code", () => {
    const codes = [...Object.keys(ERROR_CODES), ...HTTP_FAULT_CODES, ...REFUSAL_CODES];
    expect(Object.keys(STATUS_BY_CODE).toSorted()).toEqual(codes.toSorted());
    for (const status of Object.values(STATUS_BY_CODE)) expect(status).toBeGreaterThanOrEqual(400);
  });
});

describe("thrownAnswer", () => {
  it("passes on the message when the caller is at fault", () => {
    const answer = thrownAnswer(new LottyError("not_found", "There is no such environment."), "r");
    expect(answer.status).toBe(404);
    expect(answer.body).toContain("There is no such environment.");
    expect(answer.cause).toBeUndefined();
  });

  it("keeps the message to the log when the server is at fault", () => {
    const error = new LottyError("database_unavailable", "connect to db.internal failed");
    const answer = thrownAnswer(error, "r");
    expect(answer.status).toBe(503);
    expect(answer.body).not.toContain("db.internal");
    expect(answer.cause).toBe(error);
  });

  it.each([new TypeError("secret"), "secret", undefined, null, { code: "not_found" }])(
    "takes %j for a defect",
    (thrown) => {
      const answer = thrownAnswer(thrown, "r");
      expect(answer.status).toBe(500);
      expect(answer.body).not.toContain("secret");
      expect(JSON.parse(answer.body)).toMatchObject({ code: "internal" });
    },
  );
});
