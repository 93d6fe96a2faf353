/**
 * Largest request body, in bytes. A decision needs some hundred bytes; the rest is room for attributes, and little
 * enough that a flood of the largest bodies does not exhaust memory.
 */
export const MAX_BODY_BYTES = 65_536;

/** Largest body of a batch of events, in bytes, as it is sent and when it is unpacked. */
export const MAX_EVENTS_BYTES = 1_048_576;

/** Most events in one request. */
export const MAX_EVENTS = 1_000;

/** Deepest nesting of attributes; the attributes object itself is the first level. */
export const MAX_ATTRIBUTE_DEPTH = 20;

/** Most entries in attributes, over all levels: names of objects and elements of lists together. */
export const MAX_ATTRIBUTE_ENTRIES = 1_000;

/** Longest attribute name on any level, in UTF-16 units. */
export const MAX_ATTRIBUTE_NAME_LENGTH = 256;

/** Most flags in one request. */
export const MAX_FLAGS = 100;

/** Longest flag key, in UTF-16 units. */
export const MAX_FLAG_KEY_LENGTH = 256;

/** Most faults that one validation problem lists. */
export const MAX_LISTED_FAULTS = 20;
