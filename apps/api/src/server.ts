import { createServer, type RequestListener, type Server } from "node:http";
import type { Socket } from "node:net";
import { setTimeout } from "node:timers/promises";
import type { ListenAddress } from "@lotty/config";
import type { Logger } from "@lotty/domain";
import { listen } from "@lotty/runtime";
import { answerClientError } from "./http/client-error.ts";
import type { OpenExchanges } from "./http/open-exchanges.ts";

/** How the server treats its connections, in milliseconds. */
export interface ConnectionTimes {
  /** Until a request's line and headers are complete. */
  readonly headers: number;
  /** Until a request is complete. */
  readonly request: number;
  /** That a connection without requests stays open. */
  readonly keepAlive: number;
  /** Between two looks for overdue requests. */
  readonly check: number;
}

/**
 * A body of 64 kB takes 15 s over a line of 35 kbit/s; whoever is slower holds a connection on purpose. Idle connections
 * stay open a little longer than load balancers usually keep theirs (60 s), so that it is never the server that closes
 * one at the moment in which a balancer uses it.
 */
export const CONNECTION_TIMES: ConnectionTimes = { headers: 10_000, request: 15_000, keepAlive: 65_000, check: 1_000 };

/** Largest request line and headers together, in bytes. */
export const MAX_HEADER_BYTES = 16_384;

/** What a server needs. */
export interface ServerOptions {
  readonly address: ListenAddress;
  readonly exchanges: OpenExchanges;
  readonly logger: Logger;
  /** Defaults to {@link CONNECTION_TIMES}. */
  readonly times?: ConnectionTimes;
}

/** A server that listens. */
export interface RunningServer {
  /** The address in use, with the port that was taken when 0 was asked for. */
  readonly address: ListenAddress;
  /**
   * Stops in three steps. First, for `delayMillis` and then for up to `drainMillis` more or until no connection is left,
   * requests are still taken, on new connections too, and each answer asks its caller to let go of the connection. Then
   * nothing new is accepted and idle connections end. Requests that are being answered are waited for without limit:
   * limiting the whole is up to the caller.
   *
   * @param delayMillis for those who need time to notice that no requests are wanted any more; 0 when absent
   */
  close(drainMillis: number, delayMillis?: number): Promise<void>;
}

/**
 * Serves requests.
 *
 * @throws LottyError `address_in_use`; `invalid_configuration` when the address is not this machine's or not allowed
 */
export async function startServer(listener: RequestListener, options: ServerOptions): Promise<RunningServer> {
  const { exchanges, logger, times = CONNECTION_TIMES } = options;
  const server = createServer(
    {
      headersTimeout: times.headers,
      requestTimeout: times.request,
      keepAliveTimeout: times.keepAlive,
      connectionsCheckingInterval: times.check,
      maxHeaderSize: MAX_HEADER_BYTES,
    },
    listener,
  );
  const sockets = trackSockets(server);
  server.on("clientError", (error, socket) => answerClientError(error, socket, { exchanges, logger }));
  const address = await listen(server, options.address);
  server.on("error", (error) => logger.error("http_server_error", { error }));
  return {
    address,
    close: async (drainMillis, delayMillis = 0) => {
      exchanges.draining = true;
      if (delayMillis > 0) await setTimeout(delayMillis);
      await untilEmpty(sockets, drainMillis);
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeIdleConnections();
      // To Node, connections on which nothing was ever sent are not idle: it would wait for their first request.
      for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy();
      await closed;
    },
  };
}

function trackSockets(server: Server): ReadonlySet<Socket> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  return sockets;
}

const LOOK_MILLIS = 20;

/** Waits until no connection is left, at most so long. */
async function untilEmpty(sockets: ReadonlySet<Socket>, millis: number): Promise<void> {
  const end = performance.now() + millis;
  for (let left = millis; left > 0 && sockets.size > 0; left = end - performance.now()) {
    await setTimeout(Math.min(LOOK_MILLIS, left));
  }
}
