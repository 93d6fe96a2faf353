import { PASSWORD } from "./people-for-test.ts";

/** What a test looks at in an answer. */
export interface Asked {
  readonly status: number;
  /** The parsed JSON; the text of anything else; `null` when there is none. */
  readonly body: unknown;
  readonly headers: Headers;
}

/** What is sent besides method and path. */
export interface AskOptions {
  readonly body?: unknown;
  /** The tag of a version, or that version. */
  readonly ifMatch?: string | number;
}

/** Somebody who has logged in. */
export interface PersonForTest {
  readonly id: string;
  /** What shows who it is, for requests that {@link PersonForTest.ask} cannot send. */
  readonly headers: Readonly<Record<string, string>>;
  ask(method: string, path: string, options?: AskOptions): Promise<Asked>;
}

/** Logs somebody in who has the password of all tests. */
export async function logInForTest(
  url: string,
  { id, name }: { readonly id: string; readonly name: string },
): Promise<PersonForTest> {
  const response = await fetch(`${url}/v1/session`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ name, password: PASSWORD }),
  });
  const session: unknown = await response.json();
  const token = typeof session === "object" && session !== null && "csrf_token" in session ? session.csrf_token : null;
  if (typeof token !== "string") throw new Error(`${name} could not log in: ${JSON.stringify(session)}`);
  const cookie = response.headers.getSetCookie().map((each) => each.split(";", 1)[0] ?? "");
  const own = { cookie: cookie.join("; "), "x-csrf-token": token };
  return {
    id,
    headers: own,
    ask: (method, path, options = {}) => ask(`${url}${path}`, { method, headers: own }, options),
  };
}

async function ask(
  url: string,
  { headers, method }: { readonly method: string; readonly headers: Readonly<Record<string, string>> },
  { body, ifMatch }: AskOptions,
): Promise<Asked> {
  const response = await fetch(url, {
    method,
    headers: {
      ...headers,
      ...(body !== undefined && { "content-type": "application/json" }),
      ...(ifMatch !== undefined && { "if-match": typeof ifMatch === "number" ? `"${ifMatch}"` : ifMatch }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const isJson = /[/+]json$/.test(response.headers.get("content-type") ?? "");
  return {
    status: response.status,
    body: isJson ? JSON.parse(text) : text === "" ? null : text,
    headers: response.headers,
  };
}
