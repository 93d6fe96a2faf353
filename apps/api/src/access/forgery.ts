import type { IncomingMessage } from "node:http";
import { isCsrfToken } from "@lotty/identity";
import type { ProblemDraft } from "../http/problem-answer.ts";

/** Header that shows that a request was not sent by another site's page, lower-case as Node gives it. */
export const CSRF_HEADER = "x-csrf-token";

const SAFE_METHODS: ReadonlySet<string | undefined> = new Set(["GET", "HEAD", "OPTIONS"]);

/**
 * What shows that a request with a session was made by another site's page. Browsers send the cookie by themselves, so a
 * change needs the session's token in a header as well, which other sites can neither read nor send.
 *
 * @returns `undefined` for a request that may be the person's own
 */
export function forgeryIn(request: IncomingMessage, sessionToken: string): ProblemDraft | undefined {
  if (SAFE_METHODS.has(request.method)) return undefined;
  if (comesFromElsewhere(request)) return FROM_ELSEWHERE;
  const given = request.headers[CSRF_HEADER];
  if (typeof given === "string" && isCsrfToken(given, sessionToken)) return undefined;
  return { code: "forbidden", detail: "A change with a session needs its csrf_token in the header X-CSRF-Token." };
}

/** The problem of a request that a page of another site has sent. */
export const FROM_ELSEWHERE: ProblemDraft = {
  code: "forbidden",
  detail: "The request comes from a page of another site.",
};

/** Whether a browser says that a page of another origin sent the request. What is no browser says nothing. */
export function comesFromElsewhere({ headers }: IncomingMessage): boolean {
  const site = headers["sec-fetch-site"];
  if (site !== undefined && site !== "same-origin" && site !== "none") return true;
  const { host, origin } = headers;
  return origin !== undefined && URL.parse(origin)?.host !== host;
}
