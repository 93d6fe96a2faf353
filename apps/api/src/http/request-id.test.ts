import { describe, expect, it } from "vitest";
import { requestIdOf } from "./request-id.ts";

describe("requestIdOf", () => {
  it.each(["a", "01936f00-0000-7000-8000-000000000001", "trace:1.span_2", "x".repeat(128)])("keeps %j", (id) => {
    expect(requestIdOf(id)).toBe(id);
  });

  it.each([undefined, "", " ", "a b", "a,b", "a\r\nb", "<script>", "-dash", "ä", "x".repeat(129), ["a", "b"]])(
    "replaces %j by a new id",
    (id) => {
      expect(requestIdOf(id)).toMatch(/^[0-9a-f-]{36}$/);
      expect(requestIdOf(id)).not.toBe(requestIdOf(id));
    },
  );
});
