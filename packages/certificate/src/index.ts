export { certify, type CertificateQuestion, type MetricPast } from "./certify.ts";
export { planHash } from "./plan-hash.ts";
export type { Slices } from "./slices.ts";
