import type { Environment, SettingFault } from "./environment.ts";
import { nearestName } from "./nearest-name.ts";
import { SETTING_NAMES, type SettingName } from "./settings.ts";

/** Variables that begin like this are ours: one that is no setting is mistyped or out of date. */
const OWN_PREFIXES = ["LOTTY_", "DECISION_"] as const;

/** The tests' own variables. */
const TEST_PREFIX = "LOTTY_TEST_";

/** Read by the command line alone, which takes it for its own and not for a setting of a process. */
const KEY_VARIABLE = "LOTTY_KEY";

/** Shorter names are too near to too many variables of other programs. */
const MIN_NAME_LENGTH = 8;

/** Most edits between another program's variable and a setting that is probably meant. */
const MAX_EDITS = 2;

/** Settings that have no effect as long as another one is, or is not, there. */
interface IdleRule {
  readonly settings: readonly SettingName[];
  readonly when: (env: Environment) => boolean;
  readonly why: string;
}

const DECISION_SPOOL_LIMITS = [
  "DECISION_SPOOL_AFTER_MS",
  "DECISION_SPOOL_MAX_ROWS",
  "DECISION_SPOOL_MAX_BYTES",
] as const;

const EVENT_SPOOL_LIMITS = ["EVENT_SPOOL_AFTER_MS", "EVENT_SPOOL_MAX_ROWS", "EVENT_SPOOL_MAX_BYTES"] as const;

/** When a spool is not used, or its settings do not matter. */
function idleSpool(spool: "DECISION_SPOOL" | "EVENT_SPOOL", limits: readonly SettingName[]): readonly IdleRule[] {
  const isOff = (env: Environment): boolean => env[spool]?.toLowerCase() === "off";
  return [
    {
      settings: limits,
      when: (env) => env["DATABASE_URL"] !== undefined && isOff(env),
      why: `because ${spool} is off`,
    },
    {
      settings: [spool, ...limits],
      when: (env) => env["DATABASE_URL"] !== undefined && env["LOTTY_DATA_DIR"] === "memory" && !isOff(env),
      why: "because LOTTY_DATA_DIR is memory",
    },
  ];
}

const IDLE: readonly IdleRule[] = [
  {
    settings: [
      "DATABASE_POOL_SIZE",
      "DATABASE_STATEMENT_TIMEOUT_MS",
      "DATABASE_CONNECT_TIMEOUT_MS",
      "DATABASE_REPORT_TIMEOUT_MS",
      "DECISION_SPOOL",
      ...DECISION_SPOOL_LIMITS,
      "EVENT_SPOOL",
      ...EVENT_SPOOL_LIMITS,
    ],
    when: (env) => env["DATABASE_URL"] === undefined,
    why: "because DATABASE_URL is not set",
  },
  ...idleSpool("DECISION_SPOOL", DECISION_SPOOL_LIMITS),
  ...idleSpool("EVENT_SPOOL", EVENT_SPOOL_LIMITS),
  {
    settings: [
      "RATE_LIMIT_SHARED",
      "REDIS_CLUSTER",
      "REDIS_KEY_PREFIX",
      "REDIS_COMMAND_TIMEOUT_MS",
      "DECISION_STREAM_MAX_LENGTH",
      "DECISION_STREAM_SHARDS",
      "DECISION_STREAM_ALLOW_UNSAFE_REDIS",
      "EVENT_STREAM_MAX_LENGTH",
    ],
    when: (env) => env["REDIS_URL"] === undefined,
    why: "because REDIS_URL is not set",
  },
];

/** What is doubtful about an environment: variables that look mistyped, and settings without effect. */
export function findWarnings(env: Environment): SettingFault[] {
  const present = Object.keys(env).filter((name) => env[name] !== undefined);
  return [...present.flatMap((name) => mistyped(name) ?? []), ...idle(env)];
}

function mistyped(name: string): SettingFault | undefined {
  if (SETTING_NAMES.some((setting) => setting === name) || name.startsWith(TEST_PREFIX)) return undefined;
  if (name === KEY_VARIABLE) return undefined;
  const own = OWN_PREFIXES.some((prefix) => name.startsWith(prefix));
  if (own) return unknown(name, nearestName(name, SETTING_NAMES));
  const long = SETTING_NAMES.filter((setting) => setting.length >= MIN_NAME_LENGTH);
  const near = nearestName(name, long, MAX_EDITS);
  return near === undefined ? undefined : unknown(name, near);
}

function unknown(name: string, near: string | undefined): SettingFault {
  const message = "is not a setting of Lotty and has no effect";
  return near === undefined ? { setting: name, message } : { setting: name, message, hint: `did you mean ${near}?` };
}

function idle(env: Environment): SettingFault[] {
  return IDLE.filter((rule) => rule.when(env)).flatMap((rule) =>
    rule.settings
      .filter((setting) => env[setting] !== undefined)
      .map((setting) => ({ setting, message: `has no effect ${rule.why}` })),
  );
}
