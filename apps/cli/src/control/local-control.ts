import { presentRefusals, type Read } from "@lotty/contracts";
import type {
  Answer,
  ApproverGroupControl,
  Command,
  CommandResult,
  DefinitionsControl,
  DomainControl,
  EventTypeControl,
  ExperimentControl,
  FlagControl,
  MetricControl,
  Refusal,
  SegmentControl,
} from "@lotty/control-plane";
import { type ControlPlaneStore, type LaunchCertificates, LottyError, type MetricCatalogue } from "@lotty/domain";
import { ControlRefused } from "./control-refused.ts";

/** What commands on a database work with. */
export interface LocalControl {
  /** Who wants it, and in which environment. */
  readonly command: Command;
  readonly store: ControlPlaneStore;
  readonly flags: FlagControl;
  readonly experiments: ExperimentControl;
  readonly domains: DomainControl;
  readonly segments: SegmentControl;
  readonly eventTypes: EventTypeControl;
  readonly metrics: MetricControl;
  readonly catalogue: MetricCatalogue;
  readonly certificates: LaunchCertificates;
  readonly groups: ApproverGroupControl;
  readonly definitions: DefinitionsControl;
}

/** What became of a command or a question; a refusal is thrown. */
export async function done<T>(outcome: Promise<CommandResult<T> | Answer<T>>): Promise<T> {
  const ended = await outcome;
  if (ended.status === "done") return ended.result;
  throw refusedBy(ended.refusals);
}

function refusedBy(refusals: readonly Refusal[]): Error {
  const [first] = refusals;
  if (first === undefined) return new LottyError("internal", "A refusal without a reason");
  return new ControlRefused({ code: first.code, detail: first.message, ...presentRefusals(refusals) });
}

/** Reads what a command was given, as the API would. */
export function given<T>(read: Read<T>): T {
  if (read.ok) return read.request;
  throw new ControlRefused({ code: "invalid_request", detail: "The request is not valid.", errors: read.faults });
}

/** There is no such thing. */
export function nothingThere(): LottyError {
  return new LottyError("not_found", "There is nothing of this id.");
}

/** The field that says which version a command is made for; none when any will do. */
export function expecting(version: number | undefined): { readonly expectedVersion?: number } {
  return version === undefined ? {} : { expectedVersion: version };
}
