const CREDENTIALS = /([a-z][a-z0-9+.-]*:\/\/[^\s:@/]*):[^\s@/]+@/gi;

/** Replaces the password of every URL inside a text by `***`. */
export function concealCredentials(text: string): string {
  return text.includes("://") ? text.replaceAll(CREDENTIALS, "$1:***@") : text;
}
