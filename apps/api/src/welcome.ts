import { type Config, isLoopback, type ListenAddress } from "@lotty/config";
import type { Decider } from "@lotty/decisions";
import type { JsonObject } from "@lotty/domain";

/** What a person who has just started the API is told. */
export interface WelcomeFacts {
  readonly address: ListenAddress;
  readonly config: Config;
  /** Where the data is. */
  readonly location: string;
  /** A flag to ask for; `undefined` when there is none yet. */
  readonly flag: string | undefined;
}

// Somebody whom an experiment of the demo takes.
const SUBJECT_ID = "ada";
const ATTRIBUTES: JsonObject = { country: "DE" };

/** What to try next, where the data is, and what to change for more than a trial. */
export function welcomeText({ address, config, flag, location }: WelcomeFacts): string {
  const url = urlOf(address);
  const body = JSON.stringify({ flag: flag ?? "my_flag", subject_id: SUBJECT_ID, attributes: ATTRIBUTES });
  return [
    "",
    `Lotty is listening at ${url}. ${flag === undefined ? "It has no flags yet, but it answers:" : "Try:"}`,
    "",
    `  curl -s ${url}/v1/decide -H 'Content-Type: application/json' -d '${body}'`,
    "",
    "and the same with /v1/explain in place of /v1/decide to learn why.",
    "",
    `The data is in ${location}.${moreSettings(config)}`,
    whoMayCall(config),
    "",
    "",
  ].join("\n");
}

function whoMayCall({ access, api }: Config): string {
  if (!isLoopback(api.host)) return "Callers need a key or a session: lotty key make.";
  return access.required
    ? "Only this machine can connect, and callers need a key or a session: lotty key make."
    : "Only this machine can connect, and needs no key to decide and to look.";
}

/** The URL under which this machine reaches an address. */
export function urlOf({ host, port }: ListenAddress): string {
  return `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
}

// Keys beyond these could mean something to a shell.
const PLAIN_KEY = /^[A-Za-z0-9_.-]+$/;

/** No more than the API takes in one request. */
const MAX_CANDIDATES = 100;

/** The flag that shows most: one whose experiment takes the subject of the example, else the first one. */
export async function exampleFlag(keys: Iterable<string>, decider: Decider): Promise<string | undefined> {
  const candidates = [...keys].filter((key) => PLAIN_KEY.test(key)).slice(0, MAX_CANDIDATES);
  const subject = { id: SUBJECT_ID, attributes: ATTRIBUTES };
  const decisions = await decider.decideForFlags(candidates, { subject, peek: true });
  return decisions.find(({ reason }) => reason === "experiment_assigned")?.flag ?? candidates[0];
}

function moreSettings({ database, redis }: Config): string {
  const settings = [
    ...(database.kind === "embedded" ? ["DATABASE_URL=postgres://USER:PASSWORD@HOST:5432/DATABASE"] : []),
    ...(redis === null ? ["REDIS_URL=redis://HOST:6379"] : []),
  ];
  return settings.length === 0 ? "" : ` To use servers of your own, start with\n\n  ${settings.join(" ")} npm start\n`;
}
