import type { Configuration } from "../configuration.ts";
import type { Instant } from "../instant.ts";

/** A configuration and how old what it says may be. */
export interface KeptConfiguration {
  readonly configuration: Configuration;
  /** When it was last known to be the newest. */
  readonly confirmedAt: Instant;
}

/**
 * Keeps the last good configuration where it survives the end of the process, so that a process that starts while the store
 * is away has something to decide by. Keeping is a precaution: it never delays and never fails the one who asks for it.
 */
export interface ConfigurationKeeper {
  /** Keeps this in place of what was kept before, in the background. Of several in quick succession the last is kept. */
  keep(kept: KeptConfiguration): void;

  /** What was handed to {@link ConfigurationKeeper.keep} last was still the newest at this time. */
  confirm(confirmedAt: Instant): void;

  /**
   * What was kept last for an environment, by this process or an earlier one; `undefined` when there is nothing that can be
   * trusted. Never rejects.
   */
  recall(environmentId: string): Promise<KeptConfiguration | undefined>;

  /** Finishes what is being kept. Calling it twice does no harm. */
  close(): Promise<void>;
}
