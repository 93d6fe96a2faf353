import { type FlagsQuery, isWantedFlag, presentFlag } from "@lotty/contracts";
import type { Flag } from "@lotty/domain";
import type { Answer } from "../../http/answer.ts";
import type { AdmittedExchange } from "../../routing/route.ts";
import type { ControlParts } from "../control/api-control.ts";
import { questionOf } from "../control/asked-by.ts";
import { answerOf } from "../control/changing.ts";
import { listAnswer } from "../control/looking.ts";
import { pageOf } from "../control/page-of.ts";

/** A page of the flags that a query asks for. */
export async function listFlags(
  query: FlagsQuery,
  asked: AdmittedExchange,
  { control }: ControlParts,
): Promise<Answer> {
  const { flags, store } = control();
  const { stale_days: days } = query;
  const show = async (wanted: (flag: Flag) => boolean): Promise<Answer> => {
    const { environmentId } = asked;
    const [configuration, all] = await Promise.all([store.load(environmentId), store.allFlagDetails()]);
    const details = new Map(all.map((each) => [each.flagId, each]));
    const found = configuration.flags.filter((flag) => wanted(flag) && isWantedFlag(query, flag, details.get(flag.id)));
    const { items, next_cursor: next } = pageOf(found, query);
    return listAnswer(
      "flags",
      items.map((flag) => presentFlag(flag, details.get(flag.id))),
      next,
    );
  };
  if (days === undefined) return show(() => true);
  const stale = await flags.stale({ ...questionOf(asked), days });
  if (stale.status === "refused") return answerOf(stale, () => listAnswer("flags", []), asked.requestId);
  const ids = new Set(stale.result.map(({ flagId }) => flagId));
  return show(({ id }) => ids.has(id));
}
