import { lookup as lookUp } from "node:dns/promises";
import { request as requestHttp, type RequestOptions, type IncomingMessage } from "node:http";
import { request as requestHttps } from "node:https";
import { isIPv6, type LookupFunction } from "node:net";
import { literalIn, type AddressPolicy } from "./address-policy.ts";

/** A message to be sent. */
export interface OutgoingMessage {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What came of sending a message. */
export interface SendOutcome {
  /** The receiver's HTTP status; `null` when there was no answer. */
  readonly status: number | null;
  /** Why it is not delivered, in one sentence; `null` when it is. */
  readonly fault: string | null;
  /** The first characters of the answer's body. */
  readonly answer: string;
}

/** Finds all addresses of a host. */
export type Resolver = (hostname: string) => Promise<readonly string[]>;

/** How messages are sent. */
export interface SendingParts {
  readonly policy: AddressPolicy;
  /** Longest that one message may take, from looking up the name to the end of the answer. */
  readonly timeoutMillis: number;
  /** Default: the machine's. */
  readonly resolve?: Resolver;
  /** Ends the attempt when the process ends. */
  readonly signal?: AbortSignal;
}

/** How much of an answer is read. */
const ANSWER_BYTES = 1_024;

/**
 * Posts a message. The name of the host is looked up here, every address that it has is checked, and the connection is made to those
 * very addresses: whoever owns the name cannot lead it elsewhere in between. Redirects are not followed: a 3xx is a failure. Never throws.
 */
export async function sendMessage(message: OutgoingMessage, parts: SendingParts): Promise<SendOutcome> {
  const timeout = AbortSignal.timeout(parts.timeoutMillis);
  const signal = parts.signal === undefined ? timeout : AbortSignal.any([timeout, parts.signal]);
  try {
    const url = new URL(message.url);
    const literal = literalIn(url);
    const addresses = literal === undefined ? await resolved(url.hostname, parts.resolve, signal) : [literal];
    const refusal = parts.policy.faultOfUrl(message.url) ?? parts.policy.faultOf(url, addresses);
    if (refusal !== undefined) return { status: null, fault: refusal, answer: "" };
    return await post(url, message, { addresses, signal });
  } catch (error) {
    const seconds = parts.timeoutMillis / 1_000;
    const fault = timeout.aborted ? `There was no answer within ${seconds} s.` : describe(error);
    return { status: null, fault, answer: "" };
  }
}

function resolved(
  hostname: string,
  resolve: Resolver = systemResolver,
  signal: AbortSignal,
): Promise<readonly string[]> {
  // Looking up a name cannot be cut short; its answer is not waited for.
  return new Promise((found, failed) => {
    signal.addEventListener("abort", () => failed(new Error("The name of the host was not found in time.")), {
      once: true,
    });
    resolve(hostname).then(found, failed);
  });
}

async function systemResolver(hostname: string): Promise<readonly string[]> {
  const found = await lookUp(hostname, { all: true });
  return found.map(({ address }) => address);
}

interface Connection {
  readonly addresses: readonly string[];
  readonly signal: AbortSignal;
}

function post(url: URL, { body, headers }: OutgoingMessage, { addresses, signal }: Connection): Promise<SendOutcome> {
  const options: RequestOptions = {
    method: "POST",
    // A connection of its own: none that was made for another host or by an older look-up.
    agent: false,
    lookup: pinned(addresses),
    signal,
    headers: {
      ...headers,
      "content-type": "application/json",
      "content-length": Buffer.byteLength(body),
      "user-agent": "Lotty-Webhooks",
    },
  };
  return new Promise((done, failed) => {
    const send = url.protocol === "https:" ? requestHttps : requestHttp;
    const request = send(url, options, (response) => {
      readAnswer(response).then((answer) => {
        // What is beyond the first part of the answer interests nobody.
        request.destroy();
        done(outcomeOf(response.statusCode ?? 0, answer));
      }, failed);
    });
    request.on("error", failed);
    request.end(body);
  });
}

/** Answers with the addresses that were checked, whatever the name would lead to by now. */
function pinned(addresses: readonly string[]): LookupFunction {
  const found = addresses.map((address) => ({ address, family: isIPv6(address) ? 6 : 4 }));
  return (_hostname, { all }, callback) => {
    const [first] = found;
    if (all === true) callback(null, found);
    else callback(null, first?.address ?? "", first?.family);
  };
}

async function readAnswer(response: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of response) {
    if (!Buffer.isBuffer(piece)) continue;
    pieces.push(piece);
    bytes += piece.length;
    if (bytes >= ANSWER_BYTES) break;
  }
  return Buffer.concat(pieces).subarray(0, ANSWER_BYTES).toString().replaceAll("\0", "").toWellFormed();
}

function outcomeOf(status: number, answer: string): SendOutcome {
  if (status >= 200 && status < 300) return { status, fault: null, answer };
  const redirect = status >= 300 && status < 400 ? " Redirects are not followed." : "";
  return { status, fault: `The receiver answered with ${status}.${redirect}`, answer };
}

function describe(error: unknown): string {
  const code = error instanceof Error && "code" in error && typeof error.code === "string" ? ` (${error.code})` : "";
  return `The receiver could not be reached${code}.`;
}
