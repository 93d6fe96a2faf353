import {
  type IncidentResponse,
  presentFiring,
  type ReachedResponse,
  readUndo,
  type TimelineEntryResponse,
} from "@lotty/contracts";
import { formatInstant, isLottyError, MICROS_PER_DAY, type Instant, type RecordedFiring } from "@lotty/domain";
import { jsonAnswer } from "../../http/answer.ts";
import type { Route } from "../../routing/route.ts";
import type { ApiControl, ControlParts } from "../control/api-control.ts";
import { environmentOf } from "../control/asked-by.ts";
import { change } from "../control/changing.ts";
import { listAnswer, nothingThere, withId } from "../control/looking.ts";
import { GUARDRAIL_OPERATIONS } from "./guardrail-operations.ts";
import { withIds } from "./with-ids.ts";

const PATH = "/v1/experiments/:experiment_id/firings";
const ONE = `${PATH}/:firing_id`;

/** Most firings of a list. */
const MAX_LISTED = 100;

/** How far back the log is read when nobody knows when the experiment began. */
const UNKNOWN_START_MICROS = 30 * MICROS_PER_DAY;

/** What guardrails have fired, and what became of it. */
export function firingRoutes(parts: ControlParts): readonly Route[] {
  const { control } = parts;
  const access = { kind: "scope", scope: "read", role: "viewer" } as const;
  return [
    {
      method: "GET",
      path: PATH,
      access,
      operation: GUARDRAIL_OPERATIONS.listFirings,
      handler: withId("experiment_id", async (experimentId, asked) => {
        const firings = await control().guardrails.reads.firings(environmentOf(asked), experimentId, MAX_LISTED);
        return listAnswer("firings", firings.map(presentFiring));
      }),
    },
    {
      method: "GET",
      path: ONE,
      access,
      operation: GUARDRAIL_OPERATIONS.findFiring,
      handler: withIds("firing_id", async ({ experimentId, otherId: firingId }, asked) => {
        const recorded = await control().guardrails.reads.firing(environmentOf(asked), firingId);
        if (recorded?.firing.experimentId !== experimentId) return nothingThere(asked.requestId);
        return jsonAnswer(await incidentOf(control(), environmentOf(asked), recorded));
      }),
    },
    {
      method: "POST",
      path: `${ONE}/undo`,
      access: { kind: "scope", scope: "manage", role: "experimenter" },
      operation: GUARDRAIL_OPERATIONS.undo,
      handler: withIds("firing_id", ({ experimentId, otherId: firingId }, asked) =>
        change(asked, parts, {
          read: readUndo,
          run: (command, { reason }) => control().guardrails.undo({ ...command, experimentId, firingId, reason }),
          answer: (recorded) => jsonAnswer(presentFiring(recorded)),
        }),
      ),
    },
  ];
}

async function incidentOf(
  { guardrails, store }: ApiControl,
  environmentId: string,
  recorded: RecordedFiring,
): Promise<IncidentResponse> {
  const { at, experimentId } = recorded.firing;
  const details = await store.experimentDetails(environmentId, experimentId);
  const startedAt = details?.startedAt ?? null;
  const span = { from: startedAt ?? at - UNKNOWN_START_MICROS, to: at };
  const reached = await guardrails.reads.reached(environmentId, experimentId, span).then(
    (counts): readonly ReachedResponse[] =>
      counts.map(({ decisions, subjects, variantId }) => ({ variant_id: variantId, subjects, decisions })),
    (error: unknown) => {
      // Whoever looks into an incident must not be kept from the rest of it.
      if (isLottyError(error, "timeout")) return null;
      throw error;
    },
  );
  return { ...presentFiring(recorded), timeline: timelineOf(recorded, startedAt), reached };
}

function timelineOf({ firing, steps }: RecordedFiring, startedAt: Instant | null): readonly TimelineEntryResponse[] {
  const { evaluation, guardrail } = firing;
  const { action } = guardrail.rule;
  const entries: readonly (readonly [at: Instant, what: string])[] = [
    ...(startedAt === null ? [] : [[startedAt, "The experiment was started."] as const]),
    ...(evaluation.from === null ? [] : [[evaluation.from, "Subjects from here on counted."] as const]),
    [firing.at, `The guardrail fired; its action is to ${action === "rollback" ? "roll back" : action}.`],
    ...steps.map(({ actorName, at, said }) => [at, `${actorName}: ${said}`] as const),
  ];
  return entries.toSorted(([a], [b]) => a - b).map(([at, what]) => ({ at: formatInstant(at), what }));
}
