import type { IncomingMessage } from "node:http";

/** The caller went away before its request was complete: there is nobody to answer. */
export class ConnectionLost extends Error {
  override readonly name = "ConnectionLost";
}

/**
 * Collects the body of a request; `undefined` when it has more than `limit` bytes, by announcement or in fact. The rest
 * of a body that is too large is read and thrown away, so that the caller, still sending, gets to read the answer.
 *
 * @throws ConnectionLost when the caller goes away before the body is complete
 */
export function readBody(request: IncomingMessage, limit: number): Promise<Buffer | undefined> {
  return heldBodies.get(request) ?? collectBody(request, limit);
}

const heldBodies = new WeakMap<IncomingMessage, Promise<Buffer | undefined>>();

/** Reads the body of a request as {@link readBody} does, and keeps it for whoever reads it next. */
export function holdBody(request: IncomingMessage, limit: number): Promise<Buffer | undefined> {
  const body = readBody(request, limit);
  heldBodies.set(request, body);
  return body;
}

function collectBody(request: IncomingMessage, limit: number): Promise<Buffer | undefined> {
  if (Number(request.headers["content-length"] ?? 0) > limit) {
    request.resume();
    return Promise.resolve(undefined);
  }
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    request.on("data", (chunk: Buffer) => {
      length += chunk.length;
      if (length <= limit) {
        chunks.push(chunk);
      } else {
        chunks.length = 0;
        resolve(undefined);
      }
    });
    request.on("end", () => {
      const [only] = chunks;
      resolve(chunks.length === 1 ? only : Buffer.concat(chunks));
    });
    request.on("error", (error) => reject(new ConnectionLost("the request was cut off", { cause: error })));
  });
}
