import type { DecisionRecord } from "@lotty/domain";
import { canonicalJson } from "@lotty/engine";
import type { Call } from "./take-outcomes.ts";

/** What of the attributes goes on record with a decision: nothing, their digest, or all of them. */
export type AttributeRecording = "none" | "digest" | "full";

/** What the decisions of a call record of its attributes. Made once for all of them. */
export function recordedAttributes(
  call: Call,
  recording: AttributeRecording,
): Pick<DecisionRecord, "attributesDigest" | "attributes"> {
  if (recording === "none") return { attributesDigest: null };
  const { attributes } = call.subject;
  const attributesDigest = call.digest();
  // That there were none is plain from the digest.
  if (recording === "digest" || Object.keys(attributes).length === 0) return { attributesDigest };
  return { attributesDigest, attributes: canonicalJson(attributes) };
}
