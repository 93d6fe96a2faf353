import { once } from "node:events";
import { connect, type Socket } from "node:net";

/** A bare TCP connection, for what no HTTP client would send or show. */
export class RawConnection {
  /** All bytes that came so far, as Latin-1 text. */
  received = "";
  /** How the connection came to its end; `undefined` while it is open. */
  ending: "end" | Error | undefined;
  private readonly socket: Socket;
  private news = Promise.withResolvers<void>();

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.setEncoding("latin1");
    socket.on("data", (text: string) => {
      this.received += text;
      this.tell();
    });
    for (const event of ["end", "error", "close"]) socket.on(event, (error?: unknown) => this.over(error));
  }

  static async open(port: number): Promise<RawConnection> {
    const socket = connect({ port, host: "127.0.0.1" });
    await once(socket, "connect");
    return new RawConnection(socket);
  }

  send(bytes: string | Uint8Array): void {
    this.socket.write(bytes);
  }

  /** Waits until what came matches a pattern or the connection is over. */
  async until(pattern: RegExp): Promise<string> {
    while (!pattern.test(this.received) && this.ending === undefined) await this.news.promise;
    return this.received;
  }

  /** Waits until the connection is over. */
  async untilOver(): Promise<string> {
    while (this.ending === undefined) await this.news.promise;
    return this.received;
  }

  close(): void {
    this.socket.destroy();
  }

  private over(error: unknown): void {
    this.ending ??= error instanceof Error ? error : "end";
    this.tell();
  }

  private tell(): void {
    this.news.resolve();
    this.news = Promise.withResolvers<void>();
  }
}
