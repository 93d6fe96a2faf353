import { MAX_PASSWORD_LENGTH, MIN_PASSWORD_LENGTH, passwordFault, type PasswordFault } from "@lotty/domain";

/** Name of the person whom the first start makes. */
const ADMIN_NAME = "admin";

const MESSAGES: Readonly<Record<PasswordFault, string>> = {
  too_short: `has fewer than ${MIN_PASSWORD_LENGTH} characters`,
  too_long: `has more than ${MAX_PASSWORD_LENGTH} characters`,
  has_name: `is little more than ${ADMIN_NAME}`,
  well_known: "is one that everybody would try",
};

/** What speaks against a password of the first admin, if anything. */
export function adminPasswordFault(password: string): string | undefined {
  const fault = passwordFault(password, ADMIN_NAME);
  return fault === undefined ? undefined : MESSAGES[fault];
}
