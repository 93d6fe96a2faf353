/** The variables of an environment: `process.env` of the process, or a plain object. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** What is wrong with a setting, or doubtful about a variable. */
export interface SettingFault {
  /** Name of the environment variable. */
  readonly setting: string;
  /** What is wrong with it, to be read after its name and a colon. Never shows a secret. */
  readonly message: string;
  /** What would be right. */
  readonly hint?: string;
}
