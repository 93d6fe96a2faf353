export { isAtMostDeep } from "./json-depth.ts";
export { SCHEMA_LIMITS } from "./schema-limits.ts";
export { ValueSchemas } from "./value-schemas.ts";
