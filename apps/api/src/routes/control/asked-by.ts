import type { Command } from "@lotty/control-plane";
import { DEFAULT_ENVIRONMENT_ID, LottyError } from "@lotty/domain";
import { actorOf } from "@lotty/identity";
import type { ClientAddress } from "../../access/client-address.ts";
import type { AdmittedExchange } from "../../routing/route.ts";

/**
 * What every command of a caller says: who wants it, from where, and in which environment.
 *
 * @throws LottyError `unauthenticated` for a caller without a name to put on record
 */
export function commandOf({ caller, request }: AdmittedExchange, clientAddress: ClientAddress): Command {
  const actor = actorOf(caller, clientAddress(request));
  if (actor === undefined) throw new LottyError("unauthenticated", "A change needs somebody to put on record.");
  return { environmentId: environmentOf({ caller }), actor };
}

/** What every question of a caller says. Callers without a name may ask, too: nothing is put on record. */
export function questionOf({ caller }: Pick<AdmittedExchange, "caller">): Command {
  const { id, kind, name, roles } = caller;
  const actor = { id: id ?? "", name, roles, kind: kind === "anonymous" ? "system" : kind, from: null } as const;
  return { environmentId: environmentOf({ caller }), actor };
}

/** The environment that a caller works in. */
export function environmentOf({ caller }: Pick<AdmittedExchange, "caller">): string {
  return caller.environmentId ?? DEFAULT_ENVIRONMENT_ID;
}
