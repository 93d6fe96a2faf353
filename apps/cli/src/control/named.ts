import type {
  ApproverGroupResponse,
  ConflictDomainResponse,
  EventTypeResponse,
  ExperimentResponse,
  FlagResponse,
  MetricResponse,
  SegmentResponse,
} from "@lotty/contracts";
import { LottyError } from "@lotty/domain";
import type { ControlSource } from "./control-source.ts";

/** An id, in any case. */
export const UUID: RegExp = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;

/**
 * The flag of a key, or else of an id.
 *
 * @throws LottyError `not_found`; what the source throws
 */
export async function flagNamed({ flags }: ControlSource, name: string): Promise<FlagResponse> {
  const [flag] = await flags.list({ key: name });
  if (flag !== undefined) return flag;
  if (UUID.test(name)) return flags.find(name.toLowerCase());
  throw nothingNamed("flag", name);
}

/** The experiment of a key, or else of an id; as {@link flagNamed}. */
export async function experimentNamed({ experiments }: ControlSource, name: string): Promise<ExperimentResponse> {
  const [summary] = await experiments.list({ key: name });
  if (summary !== undefined) return experiments.find(summary.id);
  if (UUID.test(name)) return experiments.find(name.toLowerCase());
  throw nothingNamed("experiment", name);
}

/** The segment of a key or id; as {@link flagNamed}. */
export async function segmentNamed({ segments }: ControlSource, name: string): Promise<SegmentResponse> {
  return among("segment", name, await segments.list());
}

/** The conflict domain of a key or id; as {@link flagNamed}. */
export async function domainNamed({ domains }: ControlSource, name: string): Promise<ConflictDomainResponse> {
  return among("domain", name, await domains.list());
}

/** The event type of a key; as {@link flagNamed}. */
export async function eventTypeNamed({ eventTypes }: ControlSource, key: string): Promise<EventTypeResponse> {
  const found = (await eventTypes.list()).find((type) => type.key === key);
  if (found === undefined) throw nothingNamed("event-type", key);
  return found;
}

/** The metric of a key or id; as {@link flagNamed}. */
export async function metricNamed({ metrics }: ControlSource, name: string): Promise<MetricResponse> {
  return among("metric", name, await metrics.list());
}

/** The approver group of a name or id; as {@link flagNamed}. */
export async function groupNamed({ groups }: ControlSource, name: string): Promise<ApproverGroupResponse> {
  const all = await groups.list();
  return among(
    "review group",
    name,
    all.map((group) => ({ ...group, key: group.name })),
  );
}

/** Keys of experiments by their ids, for showing what refers to them. */
export async function experimentKeys({ experiments }: ControlSource): Promise<ReadonlyMap<string, string>> {
  return new Map((await experiments.list({})).map(({ id, key }) => [id, key]));
}

/** Keys of flags by their ids. */
export async function flagKeys({ flags }: ControlSource): Promise<ReadonlyMap<string, string>> {
  return new Map((await flags.list({})).map(({ id, key }) => [id, key]));
}

/** The one of a key, or else of an id, among all of a kind; as {@link flagNamed}. */
export function among<T extends { readonly id: string; readonly key: string }>(
  kind: string,
  name: string,
  all: readonly T[],
): T {
  const found = all.find(({ key }) => key === name) ?? all.find(({ id }) => id === name.toLowerCase());
  if (found === undefined) throw nothingNamed(kind, name);
  return found;
}

/** Says that there is nothing of a name, and how to find what there is. */
export function nothingNamed(kind: string, name: string): LottyError {
  return new LottyError("not_found", `there is no ${kind} ${JSON.stringify(name)}`, {
    details: { advice: `\`lotty ${kind} list\` shows all of them.` },
  });
}
