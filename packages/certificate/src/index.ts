export { certify, type CertificateQuestion, type MetricPast } from "./certify.ts";
export type { Slices } from "./slices.ts";
