/** Something the API keeps, as far as the demo looks at it. */
export interface Thing {
  readonly id: string;
  readonly status: string;
  readonly version: number;
  /** Everything that was answered. */
  readonly all: Readonly<Record<string, unknown>>;
}

/** What is sent besides method and path. */
export interface Sent {
  readonly body?: unknown;
  /** The version that a change is made for. */
  readonly version?: number;
}

/** Somebody who has logged in, and asks the API. */
export class Person {
  readonly name: string;
  readonly #url: string;
  #headers: Readonly<Record<string, string>> = {};

  constructor(url: string, name: string) {
    this.#url = url;
    this.name = name;
  }

  /** Opens a session: its cookie says who it is, its token that no other page sends the request. */
  async logIn(password: string): Promise<void> {
    const { answer, response } = await this.#ask("POST", "/v1/session", { body: { name: this.name, password } });
    if (response.status !== 200) throw new Error(`${this.name} cannot log in: ${JSON.stringify(answer)}`);
    const cookies = response.headers.getSetCookie().map((cookie) => cookie.split(";", 1)[0] ?? "");
    this.#headers = { cookie: cookies.join("; "), "x-csrf-token": textIn(answer, "csrf_token") };
  }

  /** Does something that has to work. */
  async does(method: string, path: string, sent: Sent = {}): Promise<Thing> {
    const { answer, response } = await this.#ask(method, path, sent);
    if (response.ok) return thingIn(answer);
    throw new Error(`${this.name}: ${method} ${path} is answered with ${response.status}: ${JSON.stringify(answer)}`);
  }

  /** Tries something that has to be refused, and gives the code of the refusal. */
  async isRefused(method: string, path: string, sent: Sent = {}): Promise<string> {
    const { answer, response } = await this.#ask(method, path, sent);
    if (response.ok) throw new Error(`${this.name}: ${method} ${path} works, and should not.`);
    return `${response.status} ${textIn(answer, "code")}`;
  }

  async #ask(method: string, path: string, { body, version }: Sent): Promise<{ response: Response; answer: unknown }> {
    const response = await fetch(`${this.#url}${path}`, {
      method,
      headers: {
        ...this.#headers,
        ...(body !== undefined && { "content-type": "application/json" }),
        ...(version !== undefined && { "if-match": `"${version}"` }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const answer: unknown = text === "" ? {} : JSON.parse(text);
    return { response, answer };
  }
}

function thingIn(answer: unknown): Thing {
  const all: Readonly<Record<string, unknown>> = typeof answer === "object" && answer !== null ? { ...answer } : {};
  const { id, status, version } = all;
  return {
    id: typeof id === "string" ? id : "",
    status: typeof status === "string" ? status : "",
    version: typeof version === "number" ? version : 0,
    all,
  };
}

/** A text of an answer by its name; empty when there is none. */
export function textIn(answer: unknown, name: string): string {
  const value = thingIn(answer).all[name];
  return typeof value === "string" ? value : "";
}
