import { describeFaults, loadConfig, type Config, type Environment } from "@lotty/config";

/** The configuration that an environment gives; one that keeps everything in memory unless it says otherwise. */
export function configForTest(env: Environment = {}): Config {
  const loaded = loadConfig(env["DATABASE_URL"] === undefined ? { LOTTY_DATA_DIR: "memory", ...env } : env);
  if (!loaded.ok) throw new Error(describeFaults(loaded.faults));
  return loaded.config;
}
