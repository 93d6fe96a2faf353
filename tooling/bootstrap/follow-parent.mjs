// Loaded first into the processes that the bootstrap starts. If the bootstrap is killed it can pass nothing on, so the
// process looks for itself and ends itself and its group as if told to.
import { isMainThread } from "node:worker_threads";

const CHECK_MILLIS = 500;

if (isMainThread) {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    try {
      process.kill(-process.pid, "SIGTERM");
    } catch {
      process.kill(process.pid, "SIGTERM");
    }
  }, CHECK_MILLIS);
  timer.unref();
}
