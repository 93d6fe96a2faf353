import express from "express";

/**
 * A bare Express app that takes a decide request and answers with JSON of the same size, and does nothing else.
 * `default` uses `express.json` and `res.json`; `tuned` reads and writes by itself and switches off what costs.
 * Run as a process of its own: `node bare-express.ts default|tuned`; prints its port.
 */
const app = express();
const kind = process.argv[2];

function answerTo(flag: unknown): object {
  return {
    decision_id: "01a203d3-6d24-759b-8ca4-550d45d0a6cd",
    flag,
    value: "green",
    experiment_id: "43978ec1-21eb-58c6-89c6-a6b496c689b7",
    variant_id: "52a01e72-2dbc-52d4-a8cb-2a7b019f7030",
    reason: "experiment_assigned",
    durability: "none",
  };
}

if (kind === "tuned") {
  app.disable("etag");
  app.disable("x-powered-by");
  app.set("query parser", false);
  app.post("/v1/decide", (request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const { flag } = JSON.parse(Buffer.concat(chunks).toString("utf8")) as { readonly flag: unknown };
      const body = JSON.stringify(answerTo(flag));
      response.writeHead(200, { "Content-Type": "application/json", "Content-Length": Buffer.byteLength(body) });
      response.end(body);
    });
  });
} else {
  app.use(express.json());
  app.post("/v1/decide", (request, response) => {
    const { flag } = request.body as { readonly flag: unknown };
    response.json(answerTo(flag));
  });
}

const server = app.listen(0, "127.0.0.1", () => {
  const address = server.address();
  if (typeof address === "object" && address !== null) process.stdout.write(`listening ${address.port}\n`);
});
process.on("SIGTERM", () => process.exit(0));
