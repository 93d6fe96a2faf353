import { LottyError } from "@lotty/domain";
import { describe, expect, it } from "vitest";
import { describeFailure } from "./describe-failure.ts";

describe("describeFailure", () => {
  it("tells what is wrong and what to do, without a stack", () => {
    const text = describeFailure(
      new LottyError("address_in_use", "port 8080 on 127.0.0.1 is taken by another process"),
    );
    expect(text).toContain("Lotty could not start: port 8080 on 127.0.0.1 is taken by another process.\n");
    expect(text).toContain("PORT=8090");
    expect(text).not.toMatch(/^\s+at /m);
  });

  it("says nothing more where there is no advice", () => {
    expect(describeFailure(new LottyError("timeout", "It took too long."))).toBe(
      "Lotty could not start: It took too long.\n",
    );
  });

  it("shows the stack of a defect", () => {
    expect(describeFailure(new TypeError("x is not a function"))).toMatch(/report this:\nTypeError: .*\n\s+at /);
    expect(describeFailure("thrown text")).toContain("thrown text");
  });
});
