/** What a person or key may be to an installation; one may have several roles. Who may do what is a table of the control plane. */
export const ROLES = ["admin", "experimenter", "approver", "viewer"] as const;

/** One of {@link ROLES}. */
export type Role = (typeof ROLES)[number];
