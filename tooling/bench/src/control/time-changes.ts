import { startApi } from "../servers/server-processes.ts";

/** Milliseconds of each change. */
export interface ChangeTimes {
  /** Until the process that was asked has answered: the change is committed then. */
  readonly answered: readonly number[];
  /** From then until another process decides by it. */
  readonly live: readonly number[];
}

const PASSWORD = "correct horse battery";

/** The flag that is changed: one without rules or an experiment in none of the sizes. */
const FLAG_KEY = "flag-7";

const LONGEST_MILLIS = 30_000;

/** Changes a flag through one API again and again, and asks another, on the same database, until it decides by that. */
export async function timeChanges(url: string, changes: number): Promise<ChangeTimes> {
  const env = { DATABASE_URL: url, ADMIN_PASSWORD: PASSWORD, RATE_LIMIT_OTHER_PER_ADDRESS: "0" };
  const apis = [await startApi({ name: "first", env }), await startApi({ name: "second", env })];
  const [here = "", there = ""] = apis.map(({ port }) => `http://127.0.0.1:${port}`);
  try {
    const headers = await logIn(here);
    const flag = await findFlag(here, headers);
    const times = { answered: [] as number[], live: [] as number[] };
    for (let change = 1; change <= changes; change += 1) {
      const value = `change ${change} of ${Date.now()}`;
      const start = performance.now();
      const version = flag.version + change - 1;
      const response = await fetch(`${here}/v1/flags/${flag.id}`, {
        method: "PATCH",
        headers: { ...headers, "if-match": `"${version}"` },
        body: JSON.stringify({ default: value }),
      });
      if (response.status !== 200) throw new Error(`A change is refused: ${await response.text()}`);
      await response.arrayBuffer();
      const answered = performance.now();
      times.answered.push(answered - start);
      times.live.push(await millisUntil(there, value, answered));
    }
    return times;
  } finally {
    for (const api of apis) await api.stop();
  }
}

async function logIn(url: string): Promise<Readonly<Record<string, string>>> {
  const headers = { "content-type": "application/json" };
  const body = JSON.stringify({ name: "admin", password: PASSWORD });
  const response = await fetch(`${url}/v1/session`, { method: "POST", headers, body });
  const { csrf_token: token } = (await response.json()) as { readonly csrf_token?: string };
  const cookie = response.headers.getSetCookie()[0]?.split(";", 1)[0] ?? "";
  return { ...headers, cookie, "x-csrf-token": token ?? "" };
}

async function findFlag(
  url: string,
  headers: Readonly<Record<string, string>>,
): Promise<{ readonly id: string; readonly version: number }> {
  for (let cursor = ""; ;) {
    const response = await fetch(`${url}/v1/flags?limit=100${cursor}`, { headers });
    const page = (await response.json()) as {
      readonly flags: readonly { readonly id: string; readonly key: string; readonly version: number }[];
      readonly next_cursor: string | null;
    };
    const found = page.flags.find(({ key }) => key === FLAG_KEY);
    if (found !== undefined) return found;
    if (page.next_cursor === null) throw new Error(`${FLAG_KEY} is missing.`);
    cursor = `&cursor=${page.next_cursor}`;
  }
}

async function millisUntil(url: string, value: string, start: number): Promise<number> {
  const body = JSON.stringify({ flag: FLAG_KEY, subject_id: "ada", peek: true });
  while (performance.now() - start < LONGEST_MILLIS) {
    const headers = { "content-type": "application/json" };
    const response = await fetch(`${url}/v1/decide`, { method: "POST", headers, body });
    const decision = (await response.json()) as { readonly value?: unknown };
    if (decision.value === value) break;
  }
  return performance.now() - start;
}
