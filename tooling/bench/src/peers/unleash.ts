import { spawn } from "node:child_process";
import { freePort } from "@lotty/test-servers/free-port";
import { startPostgres } from "@lotty/test-servers/postgres";
import { peerFile } from "./peer-packages.ts";
import { ready, type ServerProcess } from "../servers/server-processes.ts";

const ADMIN_TOKEN = "*:*.bench-admin";
const FRONTEND_TOKEN = "default:development.bench-frontend";
const FLAG = "search-results-per-page";

/** Limits of requests per minute that would otherwise be what is measured. */
const NO_LIMIT = "100000000";

/** Starts an Unleash server on a Postgres of its own, with one flag of two variants for everybody. */
export async function startUnleash(name: string): Promise<ServerProcess> {
  const postgres = await startPostgres();
  try {
    const port = await freePort();
    const child = spawn(process.execPath, [peerFile("unleash", "unleash-server/dist/server.js")], {
      env: {
        PATH: process.env["PATH"],
        TZ: "UTC",
        NODE_ENV: "production",
        DATABASE_URL: postgres.url,
        DATABASE_SSL: "false",
        HTTP_HOST: "127.0.0.1",
        HTTP_PORT: String(port),
        INIT_ADMIN_API_TOKENS: ADMIN_TOKEN,
        INIT_FRONTEND_API_TOKENS: FRONTEND_TOKEN,
        TOKEN_AUTHENTICATION_RATE_LIMIT_PER_MINUTE: NO_LIMIT,
        SDK_API_RATE_LIMIT_PER_MINUTE: NO_LIMIT,
        CHECK_VERSION: "false",
        SEND_TELEMETRY: "false",
        LOG_LEVEL: "error",
      },
      stdio: ["ignore", "ignore", "pipe"],
    });
    const server = await ready({ name, child, port, path: "/health" });
    await createFlag(port);
    const stop = async (): Promise<void> => {
      await server.stop();
      await postgres.stop();
    };
    return { ...server, stop };
  } catch (error) {
    await postgres.stop();
    throw error;
  }
}

let subjects = 0;

/** Asks Unleash for all flags of a subject that was never seen; there is one flag. */
export function unleashRequest(): string {
  subjects += 1;
  const query = `userId=subject-${subjects}&properties[country]=DE&properties[plan]=pro`;
  return `GET /api/frontend?${query} HTTP/1.1\r\nHost: bench\r\nAuthorization: ${FRONTEND_TOKEN}\r\n\r\n`;
}

async function createFlag(port: number): Promise<void> {
  const variants = ["control", "treatment"].map((variant) => ({
    name: variant,
    weight: 500,
    weightType: "variable",
    stickiness: "userId",
    payload: { type: "string", value: variant },
  }));
  const rollout = { rollout: "100", stickiness: "userId", groupId: FLAG };
  const features = "/api/admin/projects/default/features";
  await administer(port, features, { name: FLAG, type: "experiment" });
  await administer(port, `${features}/${FLAG}/environments/development/strategies`, {
    name: "flexibleRollout",
    parameters: rollout,
    constraints: [],
    variants,
  });
  await administer(port, `${features}/${FLAG}/environments/development/on`, {});
}

async function administer(port: number, path: string, body: object): Promise<void> {
  const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
    method: "POST",
    headers: { authorization: ADMIN_TOKEN, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`Unleash refused ${path}: ${answer.status} ${await answer.text()}`);
}
