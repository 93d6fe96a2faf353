import type { ReplayResponse } from "@lotty/contracts";
import type { Paint } from "../terminal/paint.ts";
import { visibleText } from "../terminal/visible-text.ts";
import type { ReplayCounts } from "./replay-span.ts";

const MISSING = {
  subject: "the subject was erased",
  attributes: "the attributes are not on record",
  configuration: "the configuration of that time was not kept",
} as const;

/** What came of one replay, as text for people. */
export function renderReplay(replay: ReplayResponse, paint: Paint): string {
  const id = replay.decision_id;
  switch (replay.status) {
    case "identical": {
      const basis = replay.basis === "kept" ? ", kept from an earlier decision" : "";
      return `${id}  ${paint("good", "identical")} at revision ${replay.revision}${basis}`;
    }
    case "not_checkable": {
      const checked = replay.checked.length === 0 ? "" : `; as recorded: ${replay.checked.join(", ")}`;
      return `${id}  ${paint("doubtful", "not checkable")}: ${MISSING[replay.missing]}${checked}`;
    }
    case "differs":
      return [
        `${id}  ${paint("bad", "differs")} at ${replay.gate}, revision ${replay.revision}`,
        `  recorded  ${sideText(replay.recorded)}`,
        `  replayed  ${sideText(replay.replayed)}`,
      ].join("\n");
  }
}

/** What came of many replays. */
export function renderCounts({ differ, notCheckable, replayed }: ReplayCounts, paint: Paint): string {
  const lines = [`${replayed} replayed, ${paint(differ === 0 ? "good" : "bad", `${differ} differ`)}`];
  for (const missing of ["attributes", "subject", "configuration"] as const) {
    if (notCheckable[missing] > 0) lines.push(`${notCheckable[missing]} not checkable: ${MISSING[missing]}`);
  }
  return lines.join("\n");
}

function sideText(side: Extract<ReplayResponse, { readonly status: "differs" }>["recorded"]): string {
  const { experiment_id: experimentId, flag_version: flagVersion, reason, rule_id: ruleId, value } = side;
  const { experiment_version: experimentVersion, variant_id: variantId } = side;
  const parts = [
    reason,
    `value ${JSON.stringify(visibleText(value))}`,
    flagVersion !== null && `flag version ${flagVersion}`,
    experimentId !== null && `experiment ${experimentId} version ${experimentVersion ?? "?"}`,
    variantId !== null && `variant ${variantId}`,
    ruleId !== null && `rule ${ruleId}`,
  ];
  return parts.filter((part) => part !== false).join(", ");
}
