/** How safe an answer said a decision is. */
export type DurabilityWord = "committed" | "spooled" | "queued" | "none";

/** One decision of an answer. */
export interface AnsweredDecision {
  readonly decision_id: string;
  readonly flag: string;
  readonly value: unknown;
  readonly reason: string;
  readonly durability: DurabilityWord;
}

/** What came back for a request. */
export type Answer =
  | { readonly ok: true; readonly decisions: readonly AnsweredDecision[] }
  /** `kind` is a status with its code (`503 decision_store_unavailable`) or what the connection died of (`ECONNRESET`). */
  | { readonly ok: false; readonly kind: string };

/** Reads an answer of `POST /v1/decide`. */
export function readAnswer(status: number, text: string): Answer {
  try {
    const body = JSON.parse(text) as Record<string, unknown>;
    if (status !== 200) return { ok: false, kind: `${String(status)} ${String(body["code"])}` };
    const decisions = "decisions" in body ? body["decisions"] : [body];
    return { ok: true, decisions: decisions as AnsweredDecision[] };
  } catch {
    return { ok: false, kind: `${String(status)} without JSON` };
  }
}
