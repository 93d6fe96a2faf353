import { once } from "node:events";
import { connect, type Socket } from "node:net";

/** What to send, and how. */
export interface LoadOptions {
  readonly port: number;
  readonly connections: number;
  readonly seconds: number;
  /** The body of the n-th request. */
  readonly body: (n: number) => string;
}

/** What came of it. */
export interface LoadResult {
  readonly requestsPerSecond: number;
  /** Milliseconds from sending a request to its complete answer. */
  readonly latencies: Float64Array;
}

/**
 * Sends requests to `/v1/decide` over keep-alive connections, each the next one as soon as the last is answered. Written
 * on bare sockets: a generator that costs more than the server would measure itself on a machine of few cores.
 *
 * @throws Error on any answer but 200, and on a connection that breaks
 */
export async function load(options: LoadOptions): Promise<LoadResult> {
  const latencies: number[] = [];
  const endAt = performance.now() + options.seconds * 1_000;
  let next = 0;
  const started = performance.now();
  await Promise.all(
    Array.from({ length: options.connections }, async () => {
      const socket = connect({ port: options.port, host: "127.0.0.1", noDelay: true });
      await once(socket, "connect");
      const answers = new AnswerReader(socket);
      while (performance.now() < endAt) {
        const sentAt = performance.now();
        socket.write(requestText(options.body(next++)));
        await answers.next();
        latencies.push(performance.now() - sentAt);
      }
      socket.destroy();
    }),
  );
  const seconds = (performance.now() - started) / 1_000;
  return { requestsPerSecond: latencies.length / seconds, latencies: Float64Array.from(latencies) };
}

function requestText(body: string): string {
  const head = "POST /v1/decide HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\nContent-Length: ";
  return `${head}${Buffer.byteLength(body)}\r\n\r\n${body}`;
}

const HEAD_END = "\r\n\r\n";

/** Reads answers off a connection that has at most one under way. */
class AnswerReader {
  readonly #socket: Socket;
  #received = "";
  #settle: { resolve: () => void; reject: (error: Error) => void } | undefined;

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.setEncoding("latin1");
    socket.on("data", (chunk: string) => this.#take(chunk));
    socket.on("error", (error) => this.#settle?.reject(error));
    socket.on("close", () => this.#settle?.reject(new Error("The server closed the connection.")));
  }

  next(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
    });
  }

  #take(chunk: string): void {
    this.#received += chunk;
    const headEnd = this.#received.indexOf(HEAD_END);
    if (headEnd < 0) return;
    const head = this.#received.slice(0, headEnd);
    const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? Number.NaN);
    if (Number.isNaN(length)) return this.#fail("An answer without Content-Length.");
    if (this.#received.length < headEnd + HEAD_END.length + length) return;
    if (!head.startsWith("HTTP/1.1 200")) return this.#fail(this.#received);
    this.#received = "";
    this.#settle?.resolve();
  }

  #fail(message: string): void {
    this.#settle?.reject(new Error(message));
    this.#socket.destroy();
  }
}
