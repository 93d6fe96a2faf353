import type { Configuration, ConflictDomain } from "@lotty/domain";
import { keyFault } from "../key-fault.ts";
import type { Refusal } from "../refusal.ts";

/** A 32-bit integer in the database. */
const MAX_PRIORITY = 2_147_483_647;

/** All that is wrong with a conflict domain. */
export function domainRefusals(domain: ConflictDomain, configuration: Configuration): readonly Refusal[] {
  const refusals: Refusal[] = [];
  const fault = keyFault(domain.key);
  if (fault !== undefined) refusals.push(invalid("key", fault));
  if (configuration.domains.some(({ id, key }) => id !== domain.id && key === domain.key)) {
    refusals.push({ code: "key_taken", message: `Another domain is called ${domain.key}.`, key: domain.key });
  }
  const experiments = new Set(configuration.experiments.map(({ id }) => id));
  const members = new Set<string>();
  for (const { experimentId, priority } of domain.members) {
    if (!experiments.has(experimentId)) {
      const message = `There is no experiment ${experimentId}.`;
      refusals.push({ code: "not_found", message, kind: "experiment", id: experimentId });
    }
    if (members.has(experimentId)) refusals.push(invalid("members", `${experimentId} is a member twice.`));
    members.add(experimentId);
    if (!Number.isInteger(priority) || Math.abs(priority) > MAX_PRIORITY) {
      refusals.push(invalid("members", `A priority is a whole number from -${MAX_PRIORITY} to ${MAX_PRIORITY}.`));
    }
  }
  return refusals;
}

function invalid(field: string, message: string): Refusal {
  return { code: "invalid_field", field, message };
}
