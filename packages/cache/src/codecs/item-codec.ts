import type { DecisionRecord, EventRecord } from "@lotty/domain";
import { decodeDecision, encodeDecision } from "./decision-codec.ts";
import { decodeEvent, encodeEvent } from "./event-codec.ts";

/** How items of a stream are written down: as text without line breaks. */
export interface ItemCodec<Item> {
  readonly encode: (item: Item) => string;
  /** Reads what `encode` wrote, or says what is wrong with the text. Never throws. */
  readonly decode: (text: string) => Item | { readonly malformed: string };
}

export const DECISION_CODEC: ItemCodec<DecisionRecord> = { encode: encodeDecision, decode: decodeDecision };

export const EVENT_CODEC: ItemCodec<EventRecord> = { encode: encodeEvent, decode: decodeEvent };
