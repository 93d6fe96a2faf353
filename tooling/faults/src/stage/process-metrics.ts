/** The figures of one scrape: from a name with its labels, as Prometheus writes them, to the value. */
export type ProcessMetrics = ReadonlyMap<string, number>;

/** Reads the text format of Prometheus, as far as figures go. */
export function parseMetrics(text: string): ProcessMetrics {
  const metrics = new Map<string, number>();
  for (const line of text.split("\n")) {
    const end = line.lastIndexOf(" ");
    if (line.startsWith("#") || end < 0) continue;
    metrics.set(line.slice(0, end), Number(line.slice(end + 1)));
  }
  return metrics;
}

/** The sum of all figures of a name, whatever their labels. */
export function sumOf(metrics: ProcessMetrics, name: string): number {
  let sum = 0;
  for (const [key, value] of metrics) if (key === name || key.startsWith(`${name}{`)) sum += value;
  return sum;
}
