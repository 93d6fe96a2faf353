import type { FirstAdmin } from "@lotty/identity";

/** Tells a person once, and no log, how to log in for the first time. */
export function firstAdminText({ generatedPassword, name }: FirstAdmin): string {
  if (generatedPassword === null) return `\nThe first admin is ${name}, with the password from ADMIN_PASSWORD.\n`;
  return [
    "",
    `The first admin is ${name}, with the password  ${generatedPassword}`,
    "It is shown only now. Keep it, or choose another: lotty user password admin.",
    "",
  ].join("\n");
}
