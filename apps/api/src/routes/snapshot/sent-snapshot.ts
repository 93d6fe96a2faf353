import { promisify } from "node:util";
import { setImmediate } from "node:timers/promises";
import { gzip } from "node:zlib";
import { decidingPart, presentSnapshot, ruleTextsOf, SNAPSHOT_FORMAT } from "@lotty/contracts";
import {
  type Clock,
  type Configuration,
  DEFAULT_ENVIRONMENT_ID,
  type ParsedRule,
  type RuleParser,
} from "@lotty/domain";

/** A configuration in the form in which it is sent. */
export interface SentSnapshot {
  readonly json: string;
  /** The same, made smaller. */
  readonly gzipped: Uint8Array;
}

/** Rules that are parsed before other requests get a turn: some milliseconds. */
const RULES_IN_A_ROW = 50;

const compress = promisify(gzip);

/** Makes the sent form of configurations, once for each: many clients ask right after a change. */
export class SentSnapshots {
  readonly #parseRule: RuleParser;
  readonly #clock: Clock;
  readonly #made = new WeakMap<Configuration, Promise<SentSnapshot>>();

  constructor(parseRule: RuleParser, clock: Clock) {
    this.#parseRule = parseRule;
    this.#clock = clock;
  }

  of(configuration: Configuration): Promise<SentSnapshot> {
    let made = this.#made.get(configuration);
    if (made === undefined) {
      made = this.#make(configuration);
      this.#made.set(configuration, made);
    }
    return made;
  }

  async #make(configuration: Configuration): Promise<SentSnapshot> {
    const part = decidingPart(configuration, this.#clock.now());
    const parsed = new Map<string, ParsedRule>();
    for (const text of ruleTextsOf(part)) {
      if (parsed.size % RULES_IN_A_ROW === 0) await setImmediate();
      parsed.set(text, this.#parseRule(text));
    }
    const json = JSON.stringify(presentSnapshot(part, parsed));
    return { json, gzipped: await compress(json) };
  }
}

/** The tag of a configuration's sent form. Both forms of the body mean the same, which is what a weak tag says. */
export function snapshotEtag({ environmentId, revision }: Configuration): string {
  // The same address may be asked with the keys of different environments.
  const where = environmentId === DEFAULT_ENVIRONMENT_ID ? "" : `-${environmentId}`;
  return `W/"${SNAPSHOT_FORMAT}-${revision}${where}"`;
}
