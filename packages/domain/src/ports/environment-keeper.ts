import type { Environment } from "../environment.ts";

/** Keeps which environments there are where it survives the end of the process, as a `ConfigurationKeeper` keeps what is in them. */
export interface EnvironmentKeeper {
  /** Keeps these in place of those that were kept before, in the background. Never fails. */
  keepEnvironments(environments: readonly Environment[]): void;

  /** What was kept last; `undefined` when there is nothing that can be trusted. Never rejects. */
  recallEnvironments(): Promise<readonly Environment[] | undefined>;
}
