import {
  isErasedSubjectId,
  LottyError,
  MICROS_PER_MILLI,
  type ConfigurationHistory,
  type DecisionLog,
  type DecisionRecord,
  type JsonObject,
  type RecordedAttributes,
  type RevisionInForce,
  type RuleParser,
  type SubjectHistory,
  type SubjectPast,
} from "@lotty/domain";
import { attributesDigest, screen } from "@lotty/engine";
import { isKeepable } from "../outcome-cache.ts";
import { ConfigurationsInTime } from "./configurations-in-time.ts";
import { possibleHistories } from "./possible-histories.ts";
import { closerOf, replayDecision, type Difference, type ReplayConfiguration } from "./replay-decision.ts";
import type { Replay } from "./replay.ts";
import { watchedAttributes } from "./watched-attributes.ts";

/** What replaying works with. */
export interface ReplayerPorts {
  readonly log: DecisionLog;
  readonly configurationHistory: ConfigurationHistory;
  readonly past: SubjectPast;
  readonly recordedAttributes: RecordedAttributes;
  readonly parseRule: RuleParser;
  /** How long the decision cache keeps an outcome after its last use; 0 when there is none. */
  readonly cacheTtlSeconds: number;
}

/** Takes recorded decisions again, as of their time. */
export interface Replayer {
  /**
   * Takes a decision again and compares.
   *
   * @param attributes those that it was asked with; `null` for those on record
   * @throws LottyError `invalid_request` when the record shows that these are not the attributes, `database_unavailable`
   */
  replay(decision: DecisionRecord, attributes: JsonObject | null): Promise<Replay>;
}

const MICROS_PER_SECOND = 1_000 * MICROS_PER_MILLI;

/** How long after a change a process may decide by what was before: changes arrive within a second, polling takes longer. */
const LAG = 60 * MICROS_PER_SECOND;

/** How far the clock of a process may be behind that of the database. */
const SKEW = 2 * MICROS_PER_SECOND;

/** How long a call may be on its way between reading a history and writing its decision. */
const OVERLAP = 10 * MICROS_PER_SECOND;

/** Most configurations that are tried: only a decision that fits none is compared with so many. */
const MAX_REVISIONS = 64;

/** Most earlier decisions on the flag among which one with the same attributes is looked for. */
const MAX_KEPT_CANDIDATES = 100;

const NO_ATTRIBUTES = attributesDigest({});

/** Makes a replayer. It keeps a few compiled configurations, so one should serve for many decisions. */
export function createReplayer(ports: ReplayerPorts): Replayer {
  return new StoredReplayer(ports);
}

class StoredReplayer implements Replayer {
  readonly #ports: ReplayerPorts;
  readonly #configurations: ConfigurationsInTime;

  constructor(ports: ReplayerPorts) {
    this.#ports = ports;
    this.#configurations = new ConfigurationsInTime({
      history: ports.configurationHistory,
      parseRule: ports.parseRule,
    });
  }

  async replay(decision: DecisionRecord, given: JsonObject | null): Promise<Replay> {
    if (isErasedSubjectId(decision.subjectId)) return { status: "not_checkable", missing: "subject", checked: [] };
    const attributes = given === null ? await this.#attributesOf(decision) : checkedAttributes(decision, given);
    let histories: readonly SubjectHistory[] | undefined;
    let closest: Difference | null = null;
    // One after the other, because each may be large, and nearly always the first is the right one.
    for (const revision of await this.#revisionsOf(decision)) {
      const configuration = await this.#configurations.at(decision.environmentId, revision);
      if (configuration === null) continue;
      const isSettled = needsNoHistory(configuration, decision, attributes);
      if (!isSettled) histories ??= await this.#historiesOf(decision);
      const replay = replayDecision(decision, { configuration, histories: histories ?? [NO_HISTORY], attributes });
      if (replay.status !== "differs") return replay;
      const kept = closest === null ? await this.#keptOutcome(decision) : "none";
      if (kept === "same") return { status: "identical", revision, basis: "kept" };
      if (kept === "perhaps") return { status: "not_checkable", missing: "attributes", checked: [] };
      closest = closerOf(closest, replay);
    }
    return closest ?? { status: "not_checkable", missing: "configuration", checked: [] };
  }

  /** Those on record; what does not fit the digest is none of the decision's. */
  async #attributesOf(decision: DecisionRecord): Promise<JsonObject | null> {
    if (decision.attributesDigest === null) return null;
    if (decision.attributesDigest === NO_ATTRIBUTES) return {};
    const recorded = await this.#ports.recordedAttributes.of(decision);
    return recorded !== null && attributesDigest(recorded) === decision.attributesDigest ? recorded : null;
  }

  /** The revision that was the newest, then those before it, then those after. */
  async #revisionsOf({ decidedAt, environmentId }: DecisionRecord): Promise<readonly number[]> {
    const span = { from: decidedAt - LAG, to: decidedAt + SKEW };
    const found = await this.#ports.configurationHistory.inForce(environmentId, span);
    const isLater = ({ since }: RevisionInForce): boolean => since !== null && since > decidedAt;
    const inOrder = [...found.filter((each) => !isLater(each)), ...found.filter(isLater).toReversed()];
    return inOrder.slice(0, MAX_REVISIONS).map(({ revision }) => revision);
  }

  async #historiesOf(decision: DecisionRecord): Promise<readonly SubjectHistory[]> {
    const { decidedAt, environmentId, subjectId } = decision;
    const span = { from: decidedAt - OVERLAP, to: decidedAt + OVERLAP };
    return possibleHistories(await this.#ports.past.around({ environmentId, subjectId, ...span }), decision);
  }

  /**
   * Whether the decision cache may have kept the outcome of an earlier decision: it is used as long as nothing changes but the
   * history. That the earlier one was right is for its own replay to say. `perhaps`: where no digest is on record, nobody knows
   * whether the two had the same attributes.
   */
  async #keptOutcome(decision: DecisionRecord): Promise<"same" | "perhaps" | "none"> {
    const { cacheTtlSeconds, log } = this.#ports;
    const { decidedAt, decisionId, environmentId, flagKey, subjectId } = decision;
    if (cacheTtlSeconds === 0 || !isKeepable(decision.reason)) return "none";
    const { decisions } = await log.list({
      environmentId,
      subjectId,
      flagKey,
      from: decidedAt - cacheTtlSeconds * MICROS_PER_SECOND - OVERLAP,
      to: decidedAt + MICROS_PER_MILLI,
      before: decisionId,
      limit: MAX_KEPT_CANDIDATES,
    });
    const candidates = decisions.filter((each) => isKeepable(each.reason) && isOfSameVersions(each, decision));
    const earlier = candidates.find((each) => hasSameDigest(each, decision));
    if (earlier !== undefined && isSameOutcome(earlier, decision)) return "same";
    const unsure = candidates.filter((each) => each.attributesDigest === null || decision.attributesDigest === null);
    return unsure.some((each) => isSameOutcome(each, decision)) ? "perhaps" : "none";
  }
}

const NO_HISTORY: SubjectHistory = [];

function checkedAttributes({ attributesDigest: digest, decisionId }: DecisionRecord, given: JsonObject): JsonObject {
  if (digest === null || digest === attributesDigest(given)) return given;
  throw new LottyError("invalid_request", "The decision was taken with other attributes.", { details: { decisionId } });
}

/** Whether the gates before the history settle a decision, for whatever of the attributes is not known. */
function needsNoHistory(
  { snapshot }: ReplayConfiguration,
  { flagKey, subjectId }: DecisionRecord,
  attributes: JsonObject | null,
): boolean {
  const watched = watchedAttributes();
  const screened = screen(snapshot, flagKey, { id: subjectId, attributes: attributes ?? watched.attributes });
  return screened.settled && !watched.wereRead();
}

/** Whether two decisions of a subject on a flag were taken with the same versions. */
function isOfSameVersions(one: DecisionRecord, other: DecisionRecord): boolean {
  return (
    one.flagVersion === other.flagVersion &&
    one.experimentId === other.experimentId &&
    one.experimentVersion === other.experimentVersion
  );
}

function hasSameDigest(one: DecisionRecord, other: DecisionRecord): boolean {
  return one.attributesDigest !== null && one.attributesDigest === other.attributesDigest;
}

function isSameOutcome(one: DecisionRecord, other: DecisionRecord): boolean {
  return (
    one.reason === other.reason &&
    one.variantId === other.variantId &&
    one.ruleId === other.ruleId &&
    one.value === other.value
  );
}
