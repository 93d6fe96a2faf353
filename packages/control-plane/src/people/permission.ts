import type { Actor, Role } from "@lotty/domain";
import type { Refusal } from "../refusal.ts";

/** Everything that somebody may be allowed to do. */
export const PERMISSION_NAMES = [
  "read",
  "flag.edit",
  "flag.remove",
  "definitions.apply",
  "segment.edit",
  "metric.edit",
  "experiment.edit",
  "experiment.run",
  "experiment.pause",
  "experiment.review",
  "domain.edit",
  "event_type.edit",
  "approver_group.edit",
  "webhook.edit",
  "notification_rule.edit",
  "learning.edit",
  "environment.edit",
  "user.edit",
  "key.edit",
  "subject.erase",
  "audit.read",
] as const;

/** One of {@link PERMISSION_NAMES}. */
export type Permission = (typeof PERMISSION_NAMES)[number];

/** Who may do what. A permission that a role is not named for is refused to it. */
export const PERMISSIONS: Readonly<Record<Permission, readonly Role[]>> = {
  read: ["admin", "experimenter", "approver", "viewer"],
  "flag.edit": ["admin", "experimenter"],
  "flag.remove": ["admin"],
  // A file passes by lifecycle and reviews.
  "definitions.apply": ["admin"],
  "segment.edit": ["admin", "experimenter"],
  "metric.edit": ["admin", "experimenter"],
  "experiment.edit": ["admin", "experimenter"],
  "experiment.run": ["admin", "experimenter"],
  // Whoever answers for an experiment may stop the harm that it does.
  "experiment.pause": ["admin", "experimenter", "approver"],
  "experiment.review": ["admin", "approver"],
  "domain.edit": ["admin", "experimenter"],
  "event_type.edit": ["admin", "experimenter"],
  "approver_group.edit": ["admin"],
  // Whoever says where messages go has them sent from inside of the house.
  "webhook.edit": ["admin"],
  "notification_rule.edit": ["admin", "experimenter"],
  "learning.edit": ["admin", "experimenter"],
  "environment.edit": ["admin"],
  "user.edit": ["admin"],
  "key.edit": ["admin"],
  "subject.erase": ["admin"],
  "audit.read": ["admin", "approver"],
};

/** Whether an actor may do something; the refusal names the roles that may. An actor without roles may do nothing. */
export function mayDo(actor: Actor, permission: Permission): Refusal | undefined {
  const roles = PERMISSIONS[permission];
  if (actor.roles.some((role) => roles.includes(role))) return undefined;
  const has = actor.roles.length === 0 ? "has no role" : `is ${actor.roles.join(", ")}`;
  const message = `${permission} takes one of the roles ${roles.join(", ")}; ${actor.name} ${has}.`;
  return { code: "forbidden", message, permission, roles };
}
