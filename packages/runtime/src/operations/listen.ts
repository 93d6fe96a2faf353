import { once } from "node:events";
import type { Server } from "node:http";
import type { ListenAddress } from "@lotty/config";
import { LottyError } from "@lotty/domain";

/**
 * Starts listening.
 *
 * @returns the address in use, with the port that was taken when 0 was asked for
 * @throws LottyError `address_in_use`; `invalid_configuration` when the address is not this machine's or not allowed
 */
export async function listen(server: Server, address: ListenAddress): Promise<ListenAddress> {
  try {
    server.listen({ host: address.host, port: address.port });
    await once(server, "listening");
  } catch (error) {
    throw translate(error, address);
  }
  const bound = server.address();
  return typeof bound === "object" && bound !== null ? { host: bound.address, port: bound.port } : address;
}

function translate(error: unknown, { host, port }: ListenAddress): unknown {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  const options = { cause: error, details: { host, port } };
  switch (code) {
    case "EADDRINUSE":
      return new LottyError("address_in_use", `port ${port} on ${host} is taken by another process`, options);
    case "EACCES":
      return new LottyError("invalid_configuration", `this user may not listen on port ${port} of ${host}`, options);
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return new LottyError("invalid_configuration", `${host} is not an address of this machine`, options);
    default:
      return error;
  }
}
