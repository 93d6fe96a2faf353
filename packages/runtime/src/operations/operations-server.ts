import { createServer } from "node:http";
import type { ListenAddress } from "@lotty/config";
import type { Logger } from "@lotty/domain";
import { listen } from "./listen.ts";
import { createOperationsHandler, type OperationsSources } from "./operations-handler.ts";

/** A running server of health and metrics. */
export interface OperationsServer {
  /** The address in use. */
  readonly address: ListenAddress;
  /** Stops listening and ends all connections. */
  close(): Promise<void>;
}

/** What an operations server needs. */
export interface OperationsServerOptions extends OperationsSources {
  readonly address: ListenAddress;
  readonly logger: Logger;
}

/**
 * Serves `/livez`, `/readyz` and `/metrics` on a port of their own, for processes that serve nothing else.
 *
 * @throws LottyError `address_in_use`, `invalid_configuration`
 */
export async function startOperationsServer(options: OperationsServerOptions): Promise<OperationsServer> {
  const handle = createOperationsHandler(options);
  const server = createServer((request, response) => {
    handle(request, response).then(
      (handled) => {
        if (!handled) response.writeHead(404, { "content-length": 0 }).end();
      },
      (error: unknown) => {
        options.logger.error("operations_request_failed", { error });
        if (response.headersSent) response.destroy();
        else response.writeHead(500, { "content-length": 0 }).end();
      },
    );
  });
  const address = await listen(server, options.address);
  return {
    address,
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}
