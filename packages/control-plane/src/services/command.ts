import type {
  Actor,
  AnalysisPlans,
  AuditDraft,
  Clock,
  ControlChange,
  ControlPlaneStore,
  DecisionUsage,
  EnvironmentStore,
  GuardrailStore,
  IdSource,
  LaunchCertificates,
  MetricCatalogue,
  RecordedSubjects,
  SharedSubjects,
} from "@lotty/domain";
import type { ValueSchemas } from "@lotty/value-schemas";
import type { Refusal } from "../refusal.ts";
import type { ReviewSettings } from "../reviews/review-state.ts";
import type { AnnouncementDraft } from "./announcements.ts";

/** How an installation is run. */
export interface ControlSettings extends ReviewSettings {
  /** How far back previews look, whole days from 1. */
  readonly previewDays: number;
}

/** What commands need from outside. */
export interface ControlPorts {
  readonly store: ControlPlaneStore;
  readonly environments: EnvironmentStore;
  readonly plans: AnalysisPlans;
  readonly metrics: MetricCatalogue;
  /** What watches experiments. */
  readonly guardrails: GuardrailStore;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly subjects: RecordedSubjects;
  readonly sharedSubjects: SharedSubjects;
  readonly usage: DecisionUsage;
  readonly schemas: ValueSchemas;
  readonly settings: ControlSettings;
  /** Absent where no launch certificates are computed: then nothing asks for one. */
  readonly certificates?: LaunchCertificates;
}

/** What every command says. */
export interface Command {
  readonly environmentId: string;
  readonly actor: Actor;
}

/** The answer to a refused command. Nothing was changed. */
export interface Refused {
  readonly status: "refused";
  /** At least one. */
  readonly refusals: readonly Refusal[];
}

/** The answer to a command. */
export type CommandResult<T> =
  | {
      readonly status: "done";
      /** The environment's revision from then on. */
      readonly revision: number;
      readonly result: T;
    }
  | Refused;

/** The answer to a question. */
export type Answer<T> = { readonly status: "done"; readonly result: T } | Refused;

/** What a command would write, or why it is refused. */
export type Plan<T> =
  | {
      readonly status: "planned";
      readonly change: Omit<ControlChange, "audit" | "announcements">;
      /** What to tell people once it is true. */
      readonly announcements?: readonly AnnouncementDraft[];
      /** What to put on record; at least one. */
      readonly audit: readonly AuditDraft[];
      readonly result: T;
    }
  | Refused;

/** The answer that says no. */
export function refused(...refusals: readonly Refusal[]): Refused {
  return { status: "refused", refusals };
}
