import { SeededRandom } from "@lotty/faults/seeded-random";
import type { JsonObject } from "@lotty/domain";
import { ENVIRONMENTS, type EnvironmentKey } from "./environments.ts";
import { LASTING_FLAGS, PASSING_FLAGS } from "./first-definitions.ts";
import { COUNTRIES, PLANS, TAGS } from "./random-rule.ts";

/** Something to ask for. */
export interface Question {
  readonly subject: string;
  readonly attributes: JsonObject;
  readonly flags: readonly string[];
  /** Asked as `flag` in place of `flags`. */
  readonly single: boolean;
  readonly peek: boolean;
  readonly environment: EnvironmentKey;
  /**
   * How it is asked: by nobody in particular, with a key of the environment, or with a key of the environment while naming another one,
   * which is refused.
   */
  readonly credential: "none" | "key" | "foreign";
}

/** Subjects that are asked for at a time; they come back often. */
const SUBJECTS_AT_ONCE = 500;

/** After so many turns one subject leaves and a new one comes. */
const TURNS_PER_SUBJECT = 12;

/** Of all turns, those that ask much at once: for one subject, or for many. */
const BURST_SHARE = 0.03;
const CROWD_SHARE = 0.02;

/** Of all turns, those in another environment than production; of all questions, those with a key, and those beyond its environment. */
const ELSEWHERE_SHARE = 0.25;
const KEY_SHARE = 0.3;
const FOREIGN_SHARE = 0.01;
const KEYS = [...LASTING_FLAGS, ...PASSING_FLAGS].map(({ key }) => key);

/** The name of the n-th subject. */
export function subjectName(seed: number, number: number): string {
  return `s${String(seed)}-${String(number)}`;
}

/**
 * The n-th turn: one question, or many at once, often for a subject that nobody has asked for before. Depends on the seed and the
 * number only, so that a run asks the same whatever its moments are like.
 */
export function turn(seed: number, n: number): readonly Question[] {
  const random = new SeededRandom(Math.imul(seed + 1, 0x9e3779b1) ^ Math.imul(n + 1, 0x85ebca6b));
  const environment = random.next() < ELSEWHERE_SHARE ? ENVIRONMENTS[1] : ENVIRONMENTS[0];
  const dice = random.next();
  if (dice < BURST_SHARE) {
    const subject = `hot${String(seed)}-${String(n)}`;
    const attributes = attributesOf(random);
    return Array.from({ length: random.between(6, 24) }, () => question({ subject, attributes, environment }, random));
  }
  const count = dice < BURST_SHARE + CROWD_SHARE ? random.between(10, 40) : 1;
  return Array.from({ length: count }, () => {
    const number = Math.floor(n / TURNS_PER_SUBJECT) + random.between(0, SUBJECTS_AT_ONCE - 1);
    const subject = subjectName(seed, number);
    return question({ subject, attributes: usualAttributes(seed, number, random), environment }, random);
  });
}

function question(whom: Pick<Question, "subject" | "attributes" | "environment">, random: SeededRandom): Question {
  const asked = { ...whom, credential: randomCredential(random), peek: random.next() < 0.08 };
  const dice = random.next();
  if (dice < 0.01) return { ...asked, flags: ["nobody-defined-this"], single: true };
  if (dice < 0.5) return { ...asked, flags: [random.pick(KEYS)], single: true };
  const wanted = random.between(1, KEYS.length);
  const shuffled = KEYS.map((key) => ({ key, place: random.next() })).sort((a, b) => a.place - b.place);
  return { ...asked, flags: shuffled.slice(0, wanted).map(({ key }) => key), single: false };
}

function randomCredential(random: SeededRandom): Question["credential"] {
  const dice = random.next();
  if (dice < FOREIGN_SHARE) return "foreign";
  return dice < FOREIGN_SHARE + KEY_SHARE ? "key" : "none";
}

/** Mostly what the subject always has, sometimes something else. */
function usualAttributes(seed: number, number: number, random: SeededRandom): JsonObject {
  return attributesOf(
    random.next() < 0.85 ? new SeededRandom(Math.imul(seed + 7, 31) ^ Math.imul(number, 0xc2b2ae35)) : random,
  );
}

function attributesOf(random: SeededRandom): JsonObject {
  const may = (share: number): boolean => random.next() < share;
  return {
    ...(may(0.9) && { country: random.pick(COUNTRIES) }),
    ...(may(0.85) && { plan: may(0.05) ? null : random.pick(PLANS) }),
    ...(may(0.85) && { age: may(0.05) ? "forty" : random.between(10, 70) }),
    ...(may(0.6) && { member: may(0.5) }),
    ...(may(0.5) && { tags: TAGS.filter(() => may(0.5)) }),
    ...(may(0.1) && { referrer: null }),
  };
}
