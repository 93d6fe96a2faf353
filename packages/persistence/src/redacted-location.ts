/** Tells people which database an address means, without password and parameters. */
export function redactedLocation(url: string): string {
  try {
    const { protocol, username, host, pathname } = new URL(url);
    return `${protocol}//${username === "" ? "" : `${username}@`}${host}${pathname}`;
  } catch {
    // An address that cannot be read may hold the password anywhere.
    return "postgres";
  }
}
