import { describeFaults, loadConfig, type Config, type Environment } from "@lotty/config";

/** The configuration that an environment gives; one that keeps nothing on disk unless it says otherwise. */
export function configForTest(env: Environment = {}): Config {
  const loaded = loadConfig({ LOTTY_DATA_DIR: "memory", ...env });
  if (!loaded.ok) throw new Error(describeFaults(loaded.faults));
  return loaded.config;
}
