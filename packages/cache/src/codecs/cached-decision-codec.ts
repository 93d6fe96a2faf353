import { isDecisionReason, type CachedDecision } from "@lotty/domain";
import { parseJson } from "./parse-json.ts";

const FORMAT = 1;

/** A cached outcome as compact text: a JSON array that begins with the version of its form. */
export function encodeCachedDecision(entry: CachedDecision): string {
  return JSON.stringify([FORMAT, entry.reason, entry.experimentId, entry.variantId]);
}

/** Reads what {@link encodeCachedDecision} wrote; `undefined` for anything else, whoever wrote it. */
export function decodeCachedDecision(text: string): CachedDecision | undefined {
  const fields = parseJson(text);
  if (!Array.isArray(fields) || fields.length !== 4) return undefined;
  const [format, reason, experimentId, variantId] = fields as unknown[];
  if (format !== FORMAT) return undefined;
  if (typeof reason !== "string" || !isDecisionReason(reason)) return undefined;
  if (typeof experimentId !== "string") return undefined;
  if (variantId !== null && typeof variantId !== "string") return undefined;
  return { reason, experimentId, variantId };
}
