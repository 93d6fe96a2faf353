import type { Command } from "@lotty/control-plane";
import { LottyError } from "@lotty/domain";
import { actorOf } from "@lotty/identity";
import type { ClientAddress } from "../../access/client-address.ts";
import type { AdmittedExchange } from "../../routing/route.ts";

/**
 * What every command of a caller says: who wants it, from where, and in which environment.
 *
 * @throws LottyError `unauthenticated` for a caller without a name to put on record
 */
export function commandOf({ caller, environmentId, request }: AdmittedExchange, clientAddress: ClientAddress): Command {
  const actor = actorOf(caller, clientAddress(request));
  if (actor === undefined) throw new LottyError("unauthenticated", "A change needs somebody to put on record.");
  return { environmentId, actor };
}

/** What every question of a caller says. Callers without a name may ask, too: nothing is put on record. */
export function questionOf({ caller, environmentId }: Pick<AdmittedExchange, "caller" | "environmentId">): Command {
  const { id, kind, name, roles } = caller;
  const actor = { id: id ?? "", name, roles, kind: kind === "anonymous" ? "system" : kind, from: null } as const;
  return { environmentId, actor };
}

/** The environment that a request is about. */
export function environmentOf({ environmentId }: Pick<AdmittedExchange, "environmentId">): string {
  return environmentId;
}
