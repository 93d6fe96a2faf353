import type { Actor, Announcement, IdSource, Instant } from "@lotty/domain";

/** What to tell people, before it is known who did it and when. */
export interface AnnouncementDraft extends Omit<Announcement, "id" | "at" | "actorName"> {
  /** Where something else of the same change has to name it; a new one when absent. */
  readonly id?: string;
}

/** Makes drafts what people are told, in the order given. */
export function announcementsOf(
  drafts: readonly AnnouncementDraft[],
  { actor, at, ids }: { readonly actor: Actor; readonly at: Instant; readonly ids: IdSource },
): readonly Announcement[] {
  return drafts.map((draft) => ({ ...draft, id: draft.id ?? ids.next(at), at, actorName: actor.name }));
}
