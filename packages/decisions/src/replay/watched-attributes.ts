import type { JsonObject } from "@lotty/domain";

/** Attributes of which nothing is known, and which tell whether anybody asked for them. */
export interface WatchedAttributes {
  readonly attributes: JsonObject;
  /** Whether what was made with them depends on them. */
  readonly wereRead: () => boolean;
}

/** Makes attributes that find out whether a decision depends on them. */
export function watchedAttributes(): WatchedAttributes {
  let read = false;
  const note = (): undefined => {
    read = true;
  };
  const attributes = new Proxy<JsonObject>(
    {},
    {
      get: note,
      has: () => (read = true),
      ownKeys: () => {
        read = true;
        return [];
      },
      getOwnPropertyDescriptor: note,
    },
  );
  return { attributes, wereRead: () => read };
}
