import { compareCodePoints } from "@lotty/domain";
import type { ApproverGroupDefinition } from "./definitions.ts";
import { DEFINITION_LIMITS } from "./limits.ts";
import type { Located, NodeReader } from "./node-reader.ts";
import { readNames } from "./read-texts.ts";

/** What could be read of an approver group. */
export interface ApproverGroupReading {
  readonly key: string;
  readonly place: Located;
  readonly definition: ApproverGroupDefinition | undefined;
}

/** Reads one element of `approver_groups`. Whether there are such people is seen when the file is applied. */
export function readApproverGroup(reader: NodeReader, value: Located): ApproverGroupReading | undefined {
  const fields = reader.fields(value, ["name", "experimenters", "approvers", "minimum"]);
  if (fields === undefined) return undefined;
  const place = reader.required(fields, "name");
  const approversField = reader.required(fields, "approvers");
  const name = place && reader.name(place);
  const experimenters = fields.experimenters === undefined ? [] : readNames(reader, fields.experimenters);
  const approvers = approversField && readNames(reader, approversField);
  const most = DEFINITION_LIMITS.maxPeople;
  const minimum = fields.minimum === undefined ? 1 : reader.integer(fields.minimum, 1, most);
  if (place === undefined || name === undefined) return undefined;
  if (experimenters === undefined || approvers === undefined || minimum === undefined) {
    return { key: name, place, definition: undefined };
  }
  if (minimum > approvers.length) {
    const message = `${minimum} approvals cannot come from ${approvers.length} approvers`;
    reader.reject(fields.minimum ?? value, message);
  }
  const sorted = (names: readonly string[]): readonly string[] => names.toSorted(compareCodePoints);
  const definition = { name, experimenters: sorted(experimenters), approvers: sorted(approvers), minimum };
  return { key: name, place, definition };
}
