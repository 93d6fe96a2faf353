import { createHash } from "node:crypto";
import type { Configuration, ConflictDomain, Experiment, Flag, KeptConfiguration, Segment } from "@lotty/domain";
import { isDomain, isExperiment, isFlag, isRecord, isSegment } from "./configuration-guards.ts";

/** Changes whenever a reader of the old form would misunderstand the new one. */
const FORMAT = 2;

/** Before flags had rules: its flags are enabled and have none, and there are no segments. */
const FORMAT_WITHOUT_RULES = 1;

const KIND = "lotty last good configuration";

/** Whose configuration a file holds. */
export interface FileOwner {
  readonly environmentId: string;
  /** The database that the configuration comes from: environments of different databases may have the same id. */
  readonly store: string;
}

/**
 * The lines of the file for a configuration: one for what it is, one for each flag, experiment, domain and segment, and a checksum of
 * all of them at the end. Made one by one, so that a large configuration need not be turned into text in one go.
 */
export function* configurationLines(kept: KeptConfiguration, store: string): Generator<string, void, undefined> {
  const { configuration, confirmedAt } = kept;
  const { environmentId, revision, flags, experiments, domains, segments } = configuration;
  const hash = createHash("sha256");
  function line(value: unknown): string {
    const text = `${JSON.stringify(value)}\n`;
    hash.update(text);
    return text;
  }
  yield line({ kind: KIND, format: FORMAT, store, environmentId, revision, confirmedAt });
  for (const flag of flags) yield line({ flag });
  for (const experiment of experiments) yield line({ experiment });
  for (const domain of domains) yield line({ domain });
  for (const segment of segments) yield line({ segment });
  yield `${JSON.stringify({ sha256: hash.digest("hex") })}\n`;
}

/** What a file holds, or why it is of no use. */
export type ReadConfiguration =
  | { readonly ok: true; readonly kept: KeptConfiguration }
  | { readonly ok: false; readonly reason: "damaged" | "foreign" };

const DAMAGED: ReadConfiguration = { ok: false, reason: "damaged" };
const FOREIGN: ReadConfiguration = { ok: false, reason: "foreign" };

/** Reads the text of a file. Never throws, whatever it holds. */
export function readConfiguration(text: string, owner: FileOwner): ReadConfiguration {
  const end = text.lastIndexOf("\n", text.length - 2) + 1;
  const body = text.slice(0, end);
  const checksum = createHash("sha256").update(body).digest("hex");
  if (text.slice(end) !== `${JSON.stringify({ sha256: checksum })}\n`) return DAMAGED;
  const [head, ...items] = parseLines(body);
  if (!isRecord(head) || head["kind"] !== KIND) return FOREIGN;
  const { format } = head;
  if (format !== FORMAT && format !== FORMAT_WITHOUT_RULES) return FOREIGN;
  if (head["store"] !== owner.store || head["environmentId"] !== owner.environmentId) return FOREIGN;
  const { revision, confirmedAt } = head;
  if (typeof revision !== "number" || typeof confirmedAt !== "number") return FOREIGN;
  const parts = sortItems(format === FORMAT ? items : items.map(withFlagFields));
  if (parts === undefined) return FOREIGN;
  return { ok: true, kept: { configuration: { environmentId: owner.environmentId, revision, ...parts }, confirmedAt } };
}

/** Nothing when a line is not JSON. */
function parseLines(text: string): readonly unknown[] {
  try {
    return text
      .trimEnd()
      .split("\n")
      .map((line): unknown => JSON.parse(line));
  } catch {
    return [];
  }
}

function withFlagFields(item: unknown): unknown {
  if (!isRecord(item) || !isRecord(item["flag"])) return item;
  return { flag: { ...item["flag"], enabled: true, rules: [] } };
}

type Parts = Pick<Configuration, "flags" | "experiments" | "domains" | "segments">;

/** Sorts what the lines hold; `undefined` when one of them is something that this version does not know. */
function sortItems(items: readonly unknown[]): Parts | undefined {
  const flags: Flag[] = [];
  const experiments: Experiment[] = [];
  const domains: ConflictDomain[] = [];
  const segments: Segment[] = [];
  for (const item of items) {
    if (!isRecord(item)) return undefined;
    if (isFlag(item["flag"])) flags.push(item["flag"]);
    else if (isExperiment(item["experiment"])) experiments.push(item["experiment"]);
    else if (isDomain(item["domain"])) domains.push(item["domain"]);
    else if (isSegment(item["segment"])) segments.push(item["segment"]);
    else return undefined;
  }
  return { flags, experiments, domains, segments };
}
