import type { Fault } from "./fault.ts";
import { none } from "./faults/00-none.ts";
import { apiKill } from "./faults/01-api-kill.ts";
import { rollingRestart } from "./faults/02-rolling-restart.ts";
import { workerKill } from "./faults/03-worker-kill.ts";
import { workerStop } from "./faults/04-worker-stop.ts";
import { redisKill } from "./faults/05-redis-kill.ts";
import { redisFlush } from "./faults/06-redis-flush.ts";
import { redisSlow } from "./faults/07-redis-slow.ts";
import { redisFull } from "./faults/08-redis-full.ts";
import { redisFailover } from "./faults/09-redis-failover.ts";
import { streamFull } from "./faults/10-stream-full.ts";
import { postgresDown, postgresDownRefused, postgresDownSync, spoolKill } from "./faults/11-postgres-down.ts";
import { tableLocked, tableLockedRefused } from "./faults/12-table-locked.ts";
import { postgresCrash } from "./faults/13-postgres-crash.ts";
import { postgresFailover, postgresFailoverAsync } from "./faults/13-postgres-failover.ts";
import { diskFull } from "./faults/14-disk-full.ts";
import { deadlocks, serialization } from "./faults/15-contention.ts";
import { poolExhausted, poolExhaustedRefused } from "./faults/16-pool-exhausted.ts";
import { silentPostgres, silentRedis } from "./faults/17-silent-network.ts";
import { clockJumps } from "./faults/18-clock-jumps.ts";
import { overload } from "./faults/19-overload.ts";
import { slowCallers } from "./faults/20-slow-callers.ts";
import { hostileBodies } from "./faults/21-hostile-bodies.ts";
import { poison } from "./faults/22-poison.ts";
import { mixedVersions } from "./faults/23-mixed-versions.ts";
import { corruptCache } from "./faults/24-corrupt-cache.ts";
import { stampede } from "./faults/25-stampede.ts";
import { streamStorm } from "./faults/26-stream-storm.ts";
import { coldStart } from "./faults/27-cold-start.ts";
import { scaledOut } from "./faults/scaled-out.ts";
import { embeddedKill } from "./faults/28-embedded-kill.ts";
import { eventsKilled, eventsPostgresDown } from "./faults/29-events.ts";

/** All faults, in the order of the table. */
export const FAULTS: readonly Fault[] = [
  none,
  apiKill,
  rollingRestart,
  workerKill,
  workerStop,
  redisKill,
  redisFlush,
  redisSlow,
  redisFull,
  redisFailover,
  streamFull,
  postgresDown,
  postgresDownSync,
  postgresDownRefused,
  spoolKill,
  tableLocked,
  tableLockedRefused,
  postgresCrash,
  postgresFailover,
  postgresFailoverAsync,
  diskFull,
  deadlocks,
  serialization,
  poolExhausted,
  poolExhaustedRefused,
  silentPostgres,
  silentRedis,
  clockJumps,
  overload,
  slowCallers,
  hostileBodies,
  poison,
  mixedVersions,
  corruptCache,
  stampede,
  streamStorm,
  coldStart,
  embeddedKill,
  eventsPostgresDown,
  eventsKilled,
  scaledOut,
];
