/**
 * Nanoseconds of processor time that this process has used, all threads together, garbage collection included. Work in memory
 * is measured by it: on a shared machine the clock also counts the time in which others had the processor.
 */
export function cpuNanos(): number {
  const { system, user } = process.cpuUsage();
  return (system + user) * 1_000;
}
