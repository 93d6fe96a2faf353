export {
  attribution,
  firstExposures,
  type Attribution,
  type AttributionRule,
  type Exposure,
  type FirstExposure,
  type Participation,
} from "./attribution.ts";
export { checkEvent, type CheckedEvent, type EventGround } from "./check-event.ts";
export { countOutcome } from "./count-outcome.ts";
export {
  createEventIntake,
  type EventIntake,
  type EventIntakePorts,
  type EventWriteMode,
  type IntakeAnswer,
  type IntakeOutcome,
} from "./create-event-intake.ts";
export { EventCatalogue, type EventCatalogueOptions } from "./event-catalogue.ts";
export { REJECTION_CODES, type EventDraft, type Rejection, type RejectionCode } from "./event-draft.ts";
export { judgeTime, type EventTimeSettings } from "./event-times.ts";
export {
  createEventSpooling,
  type EventSpooling,
  type EventSpoolingOptions,
} from "./spooling/create-event-spooling.ts";
export type { RecordedEvents, SpoolingEventRecorder } from "./spooling/spooling-event-recorder.ts";
