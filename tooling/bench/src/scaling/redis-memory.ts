import { once } from "node:events";
import { connect } from "node:net";

/** Bytes of memory that the Redis at a URL has given out. */
export async function redisMemory(url: string): Promise<number> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  try {
    socket.write("INFO memory\r\n");
    let answer = "";
    while (!answer.includes("used_memory_human")) {
      const [chunk] = (await once(socket, "data")) as [Buffer];
      answer += chunk.toString("latin1");
    }
    return Number(/used_memory:(\d+)/.exec(answer)?.[1]);
  } finally {
    socket.destroy();
  }
}
