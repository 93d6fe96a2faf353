import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";

const UNANSWERED: unique symbol = Symbol("the request of a connection that has no answer yet");

/** A connection that carries its open request: a map of them would be changed twice with every request. */
interface CarryingConnection extends Duplex {
  [UNANSWERED]?: IncomingMessage | undefined;
}

/** Keeps track of the requests that are being worked on, and of whether the server is about to stop. */
export class OpenExchanges {
  /** While set, every answer asks its caller to let go of the connection, and the server does not count as ready. */
  draining = false;

  begin(request: IncomingMessage): void {
    const connection: CarryingConnection = request.socket;
    connection[UNANSWERED] = request;
  }

  end(request: IncomingMessage): void {
    const connection: CarryingConnection = request.socket;
    if (connection[UNANSWERED] === request) connection[UNANSWERED] = undefined;
  }

  /** Whether a connection's last request has arrived completely and has no answer yet. */
  owesAnswer(connection: CarryingConnection): boolean {
    return connection[UNANSWERED]?.complete === true;
  }
}
