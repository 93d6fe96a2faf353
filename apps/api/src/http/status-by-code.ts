import type { ProblemCode } from "@lotty/contracts";

/** The HTTP status of every code. Codes of faults that stop a process before it serves are here for completeness. */
export const STATUS_BY_CODE: Readonly<Record<ProblemCode, number>> = {
  invalid_request: 400,
  subject_not_encodable: 400,
  not_found: 404,
  method_not_allowed: 405,
  request_timeout: 408,
  revision_conflict: 409,
  request_too_large: 413,
  unsupported_media_type: 415,
  invalid_definition: 422,
  overloaded: 429,
  headers_too_large: 431,
  internal: 500,
  invalid_configuration: 500,
  decision_rejected: 500,
  database_rejected: 500,
  schema_mismatch: 500,
  not_ready: 503,
  decision_store_unavailable: 503,
  decision_stream_unavailable: 503,
  database_unavailable: 503,
  cache_unavailable: 503,
  data_directory_in_use: 503,
  address_in_use: 503,
  timeout: 504,
};
