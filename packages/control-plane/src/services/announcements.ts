import type { Actor, Announcement, IdSource, Instant } from "@lotty/domain";

/** What to tell people, before it is known who did it and when. */
export type AnnouncementDraft = Omit<Announcement, "id" | "at" | "actorName">;

/** Makes drafts what people are told, in the order given. */
export function announcementsOf(
  drafts: readonly AnnouncementDraft[],
  { actor, at, ids }: { readonly actor: Actor; readonly at: Instant; readonly ids: IdSource },
): readonly Announcement[] {
  return drafts.map((draft) => ({ ...draft, id: ids.next(at), at, actorName: actor.name }));
}
