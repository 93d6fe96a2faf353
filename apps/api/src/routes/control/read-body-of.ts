import type { IncomingMessage } from "node:http";
import type { Read } from "@lotty/contracts";
import { readAs, type ReadBody } from "../../http/read-as.ts";
import { readJson } from "../../http/read-json.ts";

/** Reads the JSON body of a request. One that was not sent at all counts as an empty object. */
export async function readBodyOf<T>(request: IncomingMessage, read: (body: unknown) => Read<T>): Promise<ReadBody<T>> {
  return readAs(read, isSent(request) ? await readJson(request) : { ok: true, value: {} });
}

/** Whether a request has a body (RFC 9112, section 6). */
function isSent({ headers }: IncomingMessage): boolean {
  return headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0;
}
