import type { RefusalResponse } from "@lotty/contracts";
import type { Paint } from "../terminal/paint.ts";
import { visibleText } from "../terminal/visible-text.ts";
import type { ControlRefusal } from "./control-refused.ts";
import { renderFindings, renderPreview, renderReviewState } from "./render-experiments.ts";

/** Why something was refused, and what would be allowed, for people. */
export function renderRefusal({ code, detail, errors = [], refusals = [] }: ControlRefusal, paint: Paint): string {
  const head = `${paint("bad", "refused")} [${code}]: ${visibleText(detail)}`;
  const faults = errors.map(({ message, path }) => `  ${visibleText(`${path || "/"} ${message}`)}`);
  const all = refusals.flatMap((refusal, place) => refusalLines(refusal, place === 0, paint));
  return [head, ...faults, ...all].join("\n");
}

function refusalLines(refusal: RefusalResponse, isFirst: boolean, paint: Paint): readonly string[] {
  const { by, findings, preview, review } = refusal;
  return [
    // The first one is the headline already.
    ...(isFirst ? [] : [`${paint("bad", "also")} [${refusal.code}]: ${visibleText(refusal.message)}`]),
    ...(refusal.field === undefined ? [] : [`  field: ${visibleText(refusal.field)}`]),
    ...(refusal.roles === undefined ? [] : [`  roles that may: ${refusal.roles.join(", ")}`]),
    ...(refusal.allowed === undefined ? [] : [`  allowed now: ${refusal.allowed.join(", ") || "nothing"}`]),
    ...(by === undefined ? [] : [`  used by: ${visibleText(by.join(", "))}`]),
    ...(findings === undefined ? [] : [renderFindings(findings, paint)]),
    ...(review === undefined ? [] : [renderReviewState(review, paint)]),
    ...(preview === undefined ? [] : [renderPreview(preview, paint), "  Add --confirm to go on."]),
  ];
}
