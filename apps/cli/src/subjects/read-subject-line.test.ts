import { describe, expect, it } from "vitest";
import { readSubjectLine } from "./read-subject-line.ts";

const read = (text: string): ReturnType<typeof readSubjectLine> => readSubjectLine({ number: 1, text });

describe("readSubjectLine", () => {
  it("reads a subject with or without attributes", () => {
    expect(read('{"subject_id":"a","attributes":{"x":[1]}}')).toEqual({
      kind: "subject",
      subject: { id: "a", attributes: { x: [1] } },
    });
    expect(read('{"subject_id":"a"}\r')).toEqual({ kind: "subject", subject: { id: "a", attributes: {} } });
  });

  it("keeps names such as __proto__ as ordinary attributes", () => {
    const line = read('{"subject_id":"a","attributes":{"__proto__":{"admin":true}}}');
    expect(line.kind === "subject" && JSON.stringify(line.subject.attributes)).toBe('{"__proto__":{"admin":true}}');
  });

  it.each(["", "  ", "\r"])("skips the blank line %j", (text) => {
    expect(read(text)).toEqual({ kind: "blank" });
  });

  it.each([
    ["{bad", "the line is not JSON (position 1)"],
    ["[]", "the line is no JSON object"],
    ["null", "the line is no JSON object"],
    ["{}", "subject_id is missing"],
    ['{"subject_id":1}', "subject_id must be a string"],
    ['{"subject_id":""}', "subject_id must not be empty"],
    ['{"subject_id":"a\\u0000"}', "subject_id must not contain U+0000"],
    ['{"subject_id":"\\ud800"}', "subject_id must not contain half of a surrogate pair"],
    [`{"subject_id":"${"ä".repeat(129)}"}`, "subject_id must have at most 256 bytes of UTF-8"],
    ['{"subject_id":"a","attributes":null}', "attributes must be an object"],
    ['{"subject_id":"a","attributes":[]}', "attributes must be an object"],
    [
      `{"subject_id":"a","attributes":{"x":${"[".repeat(25)}${"]".repeat(25)}}}`,
      "attributes must be nested at most 20 levels deep",
    ],
    ['{"subject_id":"a","attribute":{}}', "unknown field; did you mean attributes?"],
    ['{"subject_id":"a","country":"DE"}', "unknown field; put it into attributes"],
  ])("refuses %s", (text, message) => {
    expect(read(text)).toEqual({ kind: "fault", message });
  });

  it("does not repeat what the line holds", () => {
    expect(JSON.stringify(read('{"subject_id": "secret@example.com" oops'))).not.toContain("secret");
  });
});
