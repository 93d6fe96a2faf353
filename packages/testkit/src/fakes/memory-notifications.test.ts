import { randomUUID } from "node:crypto";
import { describeNotifications } from "../suites/notifications.ts";
import { MemoryControlPlaneStore } from "./memory-control-plane-store.ts";

describeNotifications("in memory", () => {
  const store = new MemoryControlPlaneStore();
  const { notifications } = store;
  return Promise.resolve({
    store,
    reads: notifications,
    queue: notifications,
    otherEnvironmentId: randomUUID(),
    close: () => Promise.resolve(),
  });
});
