import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { TransientMap } from "@lotty/decisions";

/** Keeps track of the requests that are being worked on, and of whether the server is about to stop. */
export class OpenExchanges {
  /** While set, every answer asks its caller to let go of the connection, and the server does not count as ready. */
  draining = false;
  private readonly requests = new TransientMap<Duplex, IncomingMessage>();

  begin(request: IncomingMessage): void {
    this.requests.set(request.socket, request);
  }

  end(request: IncomingMessage): void {
    if (this.requests.get(request.socket) === request) this.requests.delete(request.socket);
  }

  /** Whether a connection's last request has arrived completely and has no answer yet. */
  owesAnswer(socket: Duplex): boolean {
    return this.requests.get(socket)?.complete === true;
  }
}
