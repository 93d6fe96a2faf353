export { addNetwork } from "./network-list.ts";
export {
  ATTRIBUTE_RECORDINGS,
  AUTHENTICATION_MODES,
  LOG_FORMATS,
  LOG_LEVELS,
  WRITE_MODES,
  type AccessConfig,
  type AttributeRecording,
  type AuthenticationMode,
  type Config,
  type ControlConfig,
  type DatabaseConfig,
  type DecisionConfig,
  type EventConfig,
  type LimitConfig,
  type ListenAddress,
  type LogFormat,
  type LogLevel,
  type RateLimit,
  type RateLimitConfig,
  type SpoolConfig,
  type RedisConfig,
  type WriteMode,
} from "./config.ts";
export { configurationTable } from "./configuration-table.ts";
export { describeConfig } from "./describe-config.ts";
export { describeFaults } from "./describe-faults.ts";
export { isLoopback } from "./is-loopback.ts";
export type { Environment, SettingFault } from "./environment.ts";
export { loadConfig, type ConfigResult } from "./load-config.ts";
export { SecretText } from "./secret-text.ts";
export { SecretUrl } from "./secret-url.ts";
export { SETTING_NAMES, type SettingName } from "./settings.ts";
