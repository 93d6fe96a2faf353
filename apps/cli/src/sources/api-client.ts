import { type ControlProblem, REFUSAL_CODES } from "@lotty/contracts";
import { ERROR_CODES, type ErrorCode, LottyError } from "@lotty/domain";
import { z } from "zod";
import { ControlRefused } from "../control/control-refused.ts";

/** Longest wait for one answer, in milliseconds. */
const TIMEOUT_MILLIS = 10_000;

const problemSchema = z.object({ code: z.string(), detail: z.string().optional(), errors: z.unknown().optional() });

/** What a refusal has besides code and detail is shown as it is, so its shape is left to the server. */
const refusalSchema = z.custom<ControlProblem>(isRefusal);

/** One request to an API. */
export interface ApiRequest<T> {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Below the address of the server, without a slash in front. */
  readonly path: string;
  readonly body?: object;
  /** The version that a change is made for, or any. */
  readonly ifVersion?: number | "*";
  /** What a good answer looks like. */
  readonly schema: z.ZodType<T>;
}

/** Asks a running API. */
export interface ApiClient {
  readonly address: string;
  /** @throws LottyError with the code of the API's problem; `timeout`, `not_ready` */
  ask<T>(request: ApiRequest<T>): Promise<T>;
  /** Reads a file, piece by piece and for as long as it takes; throws as {@link ApiClient.ask} does. */
  download(path: string): AsyncIterable<string>;
}

/**
 * Makes a client of an API.
 *
 * @param base address of the server, such as `http://127.0.0.1:8080`
 * @param key API key to show; none when absent
 * @param environment key of the environment that requests are about; none is named when absent
 * @throws LottyError `invalid_request` when it is no address
 */
export function apiClient(base: string, key?: string, environment?: string): ApiClient {
  const root = readAddress(base);
  const place = (path: string): URL => {
    const url = new URL(path, root);
    if (environment !== undefined) url.searchParams.set("environment", environment);
    return url;
  };
  return {
    address: root.href,
    ask: (request) => ask(place(request.path), request, key),
    download: (path) => download(place(path), key),
  };
}

function readAddress(base: string): URL {
  const url = URL.parse(base.endsWith("/") ? base : `${base}/`);
  if (url !== null && (url.protocol === "http:" || url.protocol === "https:")) return url;
  throw new LottyError("invalid_request", "--url takes the address of a server, such as http://127.0.0.1:8080");
}

async function ask<T>(url: URL, request: ApiRequest<T>, key: string | undefined): Promise<T> {
  const { content, status } = await exchange(url, request, key);
  if (status < 200 || status > 299) throw problemError(url, status, content);
  const parsed = request.schema.safeParse(content);
  if (parsed.success) return parsed.data;
  throw new LottyError("invalid_request", `${url.href} did not answer as Lotty does`, {
    details: { advice: "Is this the address of a Lotty API?" },
  });
}

interface Exchanged {
  readonly status: number;
  readonly content: unknown;
}

async function exchange(url: URL, request: ApiRequest<unknown>, key: string | undefined): Promise<Exchanged> {
  const { body, ifVersion, method } = request;
  return reaching(url, async () => {
    const response = await fetch(url, {
      method,
      headers: {
        ...(body !== undefined && { "content-type": "application/json" }),
        ...(ifVersion !== undefined && { "if-match": ifVersion === "*" ? "*" : `"${ifVersion}"` }),
        ...authorization(key),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(TIMEOUT_MILLIS),
      redirect: "error",
    });
    return { status: response.status, content: jsonOrNothing(await response.text()) };
  });
}

async function* download(url: URL, key: string | undefined): AsyncGenerator<string> {
  // Only the beginning is waited for so long: a file may take longer.
  const impatience = new AbortController();
  const timer = setTimeout(() => impatience.abort(new DOMException("too slow", "TimeoutError")), TIMEOUT_MILLIS);
  const response = await reaching(url, () =>
    fetch(url, { headers: authorization(key), signal: impatience.signal, redirect: "error" }),
  ).finally(() => clearTimeout(timer));
  if (!response.ok) throw problemError(url, response.status, jsonOrNothing(await response.text()));
  if (response.body === null) return;
  const pieces = response.body.pipeThrough(new TextDecoderStream())[Symbol.asyncIterator]();
  for (;;) {
    const piece = await reaching(url, () => pieces.next());
    if (piece.done === true) return;
    yield piece.value;
  }
}

function authorization(key: string | undefined): Readonly<Record<string, string>> {
  return key === undefined ? {} : { authorization: `Bearer ${key}` };
}

/** Says of a failure on the way what it means. */
async function reaching<T>(url: URL, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Error && error.name === "TimeoutError") {
      throw new LottyError("timeout", `${url.origin} took longer than ${TIMEOUT_MILLIS / 1_000} s`, { cause: error });
    }
    throw new LottyError("not_ready", `${url.origin} cannot be reached`, {
      cause: error,
      details: { advice: "Is the server running? `npm start` runs one on http://127.0.0.1:8080." },
    });
  }
}

function jsonOrNothing(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function problemError(url: URL, status: number, content: unknown): Error {
  const refused = refusalSchema.safeParse(content);
  if (refused.success) return new ControlRefused(refused.data);
  const problem = problemSchema.safeParse(content);
  if (!problem.success) {
    return new LottyError(
      status >= 500 || status === 429 ? "not_ready" : "invalid_request",
      `${url.href} answered ${status}`,
    );
  }
  const { code, detail, errors } = problem.data;
  const known: ErrorCode = isErrorCode(code) ? code : "invalid_request";
  const faults = errors === undefined ? "" : ` ${JSON.stringify(errors)}`;
  return new LottyError(known, `${detail ?? `the server answered ${code}`}${faults}`, { details: { status } });
}

function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(ERROR_CODES, code);
}

const REFUSED: ReadonlySet<unknown> = new Set(REFUSAL_CODES);

/** Whether a problem says that the control plane has refused a command. */
function isRefusal(content: unknown): boolean {
  if (typeof content !== "object" || content === null || !("code" in content) || !("detail" in content)) return false;
  return (
    typeof content.detail === "string" && (REFUSED.has(content.code) || "refusals" in content || "errors" in content)
  );
}
