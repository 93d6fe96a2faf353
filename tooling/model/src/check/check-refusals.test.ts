import { beforeEach, describe, expect, it } from "vitest";
import type { ModelKey } from "../world/key-book.ts";
import { Troubles } from "../world/troubles.ts";
import { checkRefusal, takenAfterRevoking } from "./check-refusals.ts";
import type { Attempt } from "./evidence.ts";

const START = 1_800_000_000_000;
const PROMISED_MILLIS = 1_000;

let troubles: Troubles;

beforeEach(() => {
  troubles = new Troubles(5_000);
});

function key(given: Partial<ModelKey> = {}): ModelKey {
  const made = { begunAt: START - 60_000, knownAt: START - 60_000 };
  return { id: "k", text: "secret", environment: "production", made, revoked: null, ...given };
}

function attempt(given: Partial<Attempt> & { readonly credential?: Attempt["question"]["credential"] }): Attempt {
  const { credential = given.key === undefined ? "none" : "key", ...rest } = given;
  return {
    turn: 1,
    question: {
      subject: "ada",
      attributes: {},
      flags: ["one"],
      single: true,
      peek: false,
      environment: "production",
      credential,
    },
    key: null,
    process: "api-1",
    life: 1,
    startedAt: START,
    endedAt: START + 5,
    decisions: null,
    failure: null,
    ...rest,
  };
}

function kindOf(given: Attempt): string | undefined {
  return checkRefusal(given, { troubles, promisedMillis: PROMISED_MILLIS })?.kind;
}

describe("a key", () => {
  const revokedAt = (millisBefore: number): ModelKey["revoked"] => ({
    begunAt: START - millisBefore - 10,
    knownAt: START - millisBefore,
  });
  const refused = { failure: "401 unauthenticated" };
  const answered = { decisions: [] };

  it("may be taken for a second after it was revoked, and no longer", () => {
    expect(kindOf(attempt({ ...answered, key: key({ revoked: revokedAt(900) }) }))).toBeUndefined();
    expect(kindOf(attempt({ ...answered, key: key({ revoked: revokedAt(1_100) }) }))).toBe("revoked key taken");
  });

  it("that was taken after it was revoked tells for how long", () => {
    const late = attempt({ ...answered, key: key({ revoked: revokedAt(300) }) });
    expect(takenAfterRevoking(late, { troubles })).toBe(300);
    expect(takenAfterRevoking(attempt({ ...refused, key: late.key }), { troubles })).toBe(0);
  });

  it("may be taken as long as nobody was told that it is revoked", () => {
    const revoked = { begunAt: START - 5_000, knownAt: Number.POSITIVE_INFINITY };
    expect(kindOf(attempt({ ...answered, key: key({ revoked }) }))).toBeUndefined();
    expect(kindOf(attempt({ ...refused, key: key({ revoked }) }))).toBeUndefined();
  });

  it("is refused only before everybody knows of it, and after somebody began to revoke it", () => {
    const made = (millisBefore: number): ModelKey =>
      key({ made: { begunAt: START - millisBefore - 10, knownAt: START - millisBefore } });
    expect(kindOf(attempt({ ...refused, key: made(900) }))).toBeUndefined();
    expect(kindOf(attempt({ ...refused, key: made(1_100) }))).toBe("refused for no reason");
    expect(kindOf(attempt({ ...refused, key: key({ revoked: revokedAt(50_000) }) }))).toBeUndefined();
  });

  it("works in its own environment only", () => {
    const beyond = { key: key(), credential: "foreign" } as const;
    expect(kindOf(attempt({ ...beyond, failure: "403 forbidden" }))).toBeUndefined();
    expect(kindOf(attempt({ ...beyond, ...answered }))).toBe("key taken in another environment");
    expect(kindOf(attempt({ key: key(), failure: "403 forbidden" }))).toBe("refused for no reason");
  });
});

describe("a request without a key", () => {
  it("is refused only by processes that are away or have too much to do", () => {
    expect(kindOf(attempt({ failure: "404 not_found" }))).toBe("refused for no reason");
    for (const failure of ["ECONNRESET", "429 overloaded", "503 decision_store_unavailable"]) {
      expect(kindOf(attempt({ failure }))).toBeUndefined();
    }
  });
});
