import type { Answer } from "../../http/answer.ts";
import { idIn } from "../../http/id-in.ts";
import type { AdmittedExchange, RouteHandler } from "../../routing/route.ts";
import { nothingThere, withId } from "../control/looking.ts";

/** An experiment and something of it. */
export interface TwoIds {
  readonly experimentId: string;
  readonly otherId: string;
}

/** A handler that gets the ids of an experiment and of something of it, and is not asked where one is none. */
export function withIds(
  name: string,
  handler: (ids: TwoIds, asked: AdmittedExchange) => Answer | Promise<Answer>,
): RouteHandler {
  return withId("experiment_id", (experimentId, asked) => {
    const otherId = idIn(asked.params, name);
    return otherId === undefined ? nothingThere(asked.requestId) : handler({ experimentId, otherId }, asked);
  });
}
