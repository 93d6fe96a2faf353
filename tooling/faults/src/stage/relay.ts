/** Passes connections on from an address to a socket file: `relay.ts HOST:PORT FILE`. Says a word when it is ready. */
import { connect, createServer } from "node:net";

const [listenOn = "", socketFile = ""] = process.argv.slice(2);
const [host, port] = listenOn.split(":");

createServer((inbound) => {
  const outbound = connect(socketFile);
  for (const [from, to] of [
    [inbound, outbound],
    [outbound, inbound],
  ] as const) {
    from.pipe(to);
    from.on("error", () => to.destroy());
    from.on("close", () => to.destroy());
  }
}).listen(Number(port), host, () => process.stdout.write("ready\n"));
