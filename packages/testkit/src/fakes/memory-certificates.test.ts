import { randomUUID } from "node:crypto";
import { describeLaunchCertificates } from "../suites/launch-certificates.ts";
import { MemoryControlPlaneStore } from "./memory-control-plane-store.ts";

describeLaunchCertificates("in memory", () => {
  const store = new MemoryControlPlaneStore();
  const { certificates } = store;
  return Promise.resolve({ store, certificates, otherEnvironmentId: randomUUID(), close: () => Promise.resolve() });
});
