import { DEMO_FLAGS } from "./demo-flags.ts";

/** A POST with a JSON body. */
export function post(path: string, body: unknown, headers: Readonly<Record<string, string>> = {}): string {
  const text = JSON.stringify(body);
  const more = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return (
    `POST ${path} HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\n${more.join("")}` +
    `Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`
  );
}

/** Subjects of {@link peekRequest}: they come back again and again, as in real traffic. */
const RETURNING_SUBJECTS = 1_000;

/** Asks for a decision without a record. Half of the subjects fit the experiment's rule. */
export function peekRequest(n: number): string {
  return post("/v1/decide", {
    flag: DEMO_FLAGS.targeted,
    subject_id: `user-${n % RETURNING_SUBJECTS}`,
    attributes: { country: n % 2 === 0 ? "DE" : "US", plan: "pro", is_employee: false },
    peek: true,
  });
}

let newSubjects = 0;

/** Asks for a decision that assigns: a subject that was never seen, and an experiment that takes everybody. */
export function assigningRequest(): string {
  newSubjects += 1;
  return post("/v1/decide", {
    flag: DEMO_FLAGS.forEverybody,
    subject_id: `subject-${newSubjects}`,
    attributes: { country: newSubjects % 2 === 0 ? "DE" : "US", plan: "pro", is_employee: false },
  });
}
