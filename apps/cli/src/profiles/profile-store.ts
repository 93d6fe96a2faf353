import { mkdir, readFile, rename, stat, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import type { Environment } from "@lotty/config";
import { LottyError } from "@lotty/domain";
import { z } from "zod";

/** A running API, and what to show it. */
export interface Profile {
  readonly url: string;
  /** `null` where the API needs no key. */
  readonly key: string | null;
}

/** All profiles, and the one in use. */
export interface Profiles {
  /** `null` when commands work on the database of the settings. */
  readonly current: string | null;
  readonly profiles: Readonly<Record<string, Profile>>;
}

/** The name that stands for the database of the settings, so that no profile has it. */
export const LOCAL_PROFILE = "local";

const NONE: Profiles = { current: null, profiles: {} };

const fileSchema: z.ZodType<Profiles> = z.strictObject({
  current: z.string().nullable(),
  profiles: z.record(z.string(), z.strictObject({ url: z.string(), key: z.string().nullable() })),
});

/** Where profiles are kept: below `XDG_CONFIG_HOME`, which is `~/.config` unless it is set. */
export function profilesPath(env: Environment): string {
  const given = env["XDG_CONFIG_HOME"] ?? "";
  const base = given.startsWith("/") ? given : join(env["HOME"] ?? homedir(), ".config");
  return join(base, "lotty", "profiles.json");
}

/**
 * Reads the profiles; none when there is no file.
 *
 * @throws LottyError `invalid_configuration` for a file that is no such file, or that others may read
 */
export async function readProfiles(env: Environment): Promise<Profiles> {
  const path = profilesPath(env);
  const text = await contentOf(path);
  if (text === undefined) return NONE;
  await refuseSharedFile(path);
  const parsed = fileSchema.safeParse(jsonOrNothing(text));
  if (parsed.success) return parsed.data;
  throw new LottyError("invalid_configuration", `${path} is no file of profiles`, {
    details: { advice: "Move it away and make the profiles anew with `lotty profile add`." },
  });
}

/** Keeps the profiles in a file that nobody else may read. Whoever reads it meanwhile sees the old ones or the new ones. */
export async function writeProfiles(env: Environment, profiles: Profiles): Promise<void> {
  const path = profilesPath(env);
  const draft = `${path}.${process.pid}.tmp`;
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await writeFile(draft, `${JSON.stringify(profiles, null, 2)}\n`, { mode: 0o600, flag: "wx" });
    await rename(draft, path);
  } catch (error) {
    throw new LottyError("invalid_configuration", `${path} cannot be written`, { cause: error });
  }
}

async function contentOf(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR"))
      return undefined;
    throw new LottyError("invalid_configuration", `${path} cannot be read`, { cause: error });
  }
}

/** Bits by which others than the owner may do anything with a file. */
const OTHERS = 0o077;

async function refuseSharedFile(path: string): Promise<void> {
  // Windows has no such bits: it shows every file as open to all.
  if (process.platform === "win32" || ((await stat(path)).mode & OTHERS) === 0) return;
  throw new LottyError("invalid_configuration", `others may read ${path}, which has keys in it`, {
    details: { advice: `Run: chmod 600 ${path}` },
  });
}

function jsonOrNothing(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
