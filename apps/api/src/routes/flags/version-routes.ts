import {
  placeCursor,
  presentFlagDifference,
  presentFlagVersion,
  presentStaleFlag,
  readDaysQuery,
  readDiffQuery,
  readVersionsQuery,
  type VersionsQuery,
} from "@lotty/contracts";
import type { FlagDifference } from "@lotty/control-plane";
import { type Answer, jsonAnswer } from "../../http/answer.ts";
import type { AdmittedExchange, Route } from "../../routing/route.ts";
import type { ControlParts } from "../control/api-control.ts";
import { questionOf } from "../control/asked-by.ts";
import { answerOf } from "../control/changing.ts";
import { listAnswer, looking, nothingThere, withId } from "../control/looking.ts";
import { DIFF_FLAG_OPERATION, FLAG_VERSIONS_OPERATION, STALE_FLAGS_OPERATION } from "./flag-operations.ts";

const ONE = "/v1/flags/:flag_id";

/** What flags were like, and which of them nobody needs. */
export function versionRoutes(parts: ControlParts): readonly Route[] {
  const { control } = parts;
  const access = { kind: "scope", scope: "read", role: "viewer" } as const;
  return [
    {
      method: "GET",
      path: `${ONE}/versions`,
      access,
      operation: FLAG_VERSIONS_OPERATION,
      handler: withId("flag_id", (flagId, asked) =>
        looking(readVersionsQuery, (query) => listVersions({ ...query, flagId }, asked, parts))(asked),
      ),
    },
    {
      method: "GET",
      path: `${ONE}/diff`,
      access,
      operation: DIFF_FLAG_OPERATION,
      handler: withId("flag_id", (flagId, asked) =>
        looking(readDiffQuery, async (versions) => {
          const diff = await control().flags.diff({ ...questionOf(asked), flagId, ...versions });
          const show = (differences: readonly FlagDifference[]): Answer =>
            jsonAnswer({ differences: differences.map(presentFlagDifference) });
          return answerOf(diff, show, asked.requestId);
        })(asked),
      ),
    },
    {
      method: "GET",
      path: "/v1/stale-flags",
      access,
      operation: STALE_FLAGS_OPERATION,
      handler: looking(readDaysQuery, async ({ days }, asked) => {
        const stale = await control().flags.stale({ ...questionOf(asked), days });
        return answerOf(stale, (found) => listAnswer("flags", found.map(presentStaleFlag)), asked.requestId);
      }),
    },
  ];
}

/** Newest first. Versions have no gaps, but those from before the history was kept may be missing. */
async function listVersions(
  { cursor, flagId, limit }: VersionsQuery & { readonly flagId: string },
  asked: AdmittedExchange,
  { control }: ControlParts,
): Promise<Answer> {
  const { store } = control();
  const { environmentId } = asked;
  const { flags } = await store.load(environmentId);
  const flag = flags.find(({ id }) => id === flagId);
  if (flag === undefined) return nothingThere(asked.requestId);
  const newest = Math.min(flag.version, (cursor ?? flag.version + 1) - 1);
  const oldest = Math.max(1, newest - limit + 1);
  const wanted = Array.from({ length: Math.max(0, newest - oldest + 1) }, (_, index) => newest - index);
  const found = await Promise.all(wanted.map((version) => store.flagVersion(environmentId, flagId, version)));
  const versions = found.filter((version) => version !== undefined).map(presentFlagVersion);
  return listAnswer("versions", versions, oldest > 1 ? placeCursor(oldest) : null);
}
