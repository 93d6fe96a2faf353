import type { ConfigurationSource, DecisionReports, EnvironmentStore } from "@lotty/domain";

/** A database, or a replica of one, to be read for reports. Nothing can be written through it. */
export interface ReportSource {
  /** Where the data is, for people to read: without a password. */
  readonly location: string;
  readonly configuration: ConfigurationSource;
  readonly environments: Pick<EnvironmentStore, "environments">;
  readonly reports: DecisionReports;
  /** Lets go of the database. */
  close(): Promise<void>;
}
