const CONCEALED = "***";

/**
 * A URL that may hold a password. Converting it to text or JSON conceals the password, and inspecting the object shows
 * nothing of it; only {@link SecretUrl.reveal} gives the text that a driver needs.
 */
export class SecretUrl {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  /** The URL with its password. For the driver that connects, for nothing else. */
  reveal(): string {
    return this.#text;
  }

  /** The URL with its password, wherever it stands, replaced by `***`. */
  toString(): string {
    return concealPassword(this.#text);
  }

  /** As {@link SecretUrl.toString}, so that JSON shows no password either. */
  toJSON(): string {
    return this.toString();
  }
}

/** Replaces the password in a URL's user part and in its query; a text that is no URL is concealed whole. */
function concealPassword(text: string): string {
  if (!URL.canParse(text)) return CONCEALED;
  const url = new URL(text);
  if (url.password !== "") url.password = CONCEALED;
  for (const name of new Set(url.searchParams.keys())) {
    if (/password|secret|token/i.test(name)) url.searchParams.set(name, CONCEALED);
  }
  return url.href;
}
