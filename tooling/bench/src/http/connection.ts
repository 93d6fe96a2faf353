import { once } from "node:events";
import { connect, type Socket } from "node:net";

const HEAD_END = "\r\n\r\n";

/**
 * A keep-alive connection with at most one request under way. Written on a bare socket: a generator that costs more than
 * the server would measure itself on a machine of few cores.
 */
export class Connection {
  readonly #socket: Socket;
  #received = "";
  #settle: PromiseWithResolvers<void> | undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setEncoding("latin1");
    socket.on("data", (chunk: string) => this.#take(chunk));
    socket.on("error", (error) => this.#settle?.reject(error));
    socket.on("close", () => this.#settle?.reject(new Error("The server closed the connection.")));
  }

  /** Opens several connections. */
  static open(port: number, count: number): Promise<readonly Connection[]> {
    return Promise.all(
      Array.from({ length: count }, async () => {
        const socket = connect({ port, host: "127.0.0.1", noDelay: true });
        await once(socket, "connect");
        return new Connection(socket);
      }),
    );
  }

  /**
   * Sends a request and waits for its complete answer.
   *
   * @param request the bytes of the request, ASCII
   * @throws Error on any answer but 200, and on a connection that breaks
   */
  send(request: string): Promise<void> {
    this.#settle = Promise.withResolvers();
    this.#socket.write(request, "latin1");
    return this.#settle.promise;
  }

  close(): void {
    this.#socket.destroy();
  }

  #take(chunk: string): void {
    this.#received += chunk;
    const headEnd = this.#received.indexOf(HEAD_END);
    if (headEnd < 0) return;
    const head = this.#received.slice(0, headEnd);
    const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? Number.NaN);
    if (Number.isNaN(length)) return this.#fail(`An answer without Content-Length: ${head}`);
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
