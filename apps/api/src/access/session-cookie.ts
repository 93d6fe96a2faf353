/** How the session travels in a cookie. */
export class SessionCookie {
  readonly #name: string;
  readonly #attributes: string;

  /** @param secure whether browsers come by TLS; then the cookie is for TLS and this very host only */
  constructor(secure: boolean) {
    // The prefix makes browsers refuse a cookie that a neighbouring host tries to plant (RFC 6265bis, 4.1.3.2).
    this.#name = secure ? "__Host-lotty_session" : "lotty_session";
    this.#attributes = `; Path=/; HttpOnly; SameSite=Lax${secure ? "; Secure" : ""}`;
  }

  /** The session token in a `Cookie` header. A name that comes twice was planted: then there is none. */
  read(header: string | undefined): string | undefined {
    if (header === undefined || !header.includes(this.#name)) return undefined;
    const start = `${this.#name}=`;
    const found = header
      .split(";")
      .map((pair) => pair.trim())
      .filter((pair) => pair.startsWith(start));
    return found.length === 1 ? found[0]?.slice(start.length) : undefined;
  }

  /** The `Set-Cookie` header that hands a token to a browser, until the browser ends or the session does. */
  hand(token: string): string {
    return `${this.#name}=${token}${this.#attributes}`;
  }

  /** The `Set-Cookie` header that takes it back. */
  get takeBack(): string {
    return `${this.#name}=${this.#attributes}; Max-Age=0`;
  }
}
