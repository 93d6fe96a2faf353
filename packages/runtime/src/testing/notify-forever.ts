import { openPostgres } from "@lotty/persistence";
import { RecordingLogger } from "@lotty/testkit/fakes/recording-logger";
import { notificationJob } from "../jobs/notification-jobs.ts";
import { systemClock } from "../system/system-clock.ts";
import { Uuid7Source } from "../system/uuid7-source.ts";
import { configForTest } from "./config-for-test.ts";

/** A process that does nothing but tell people, until it is killed. Its argument is the URL of the database. */
const logger = new RecordingLogger();
const storage = await openPostgres({ url: process.argv[2] ?? "", logger });
const config = configForTest({ WEBHOOK_ALLOWED_NETWORKS: "127.0.0.1" });
const job = notificationJob({ clock: systemClock, config, ids: new Uuid7Source(), logger, storage });
for (;;) await job.run(new AbortController().signal);
