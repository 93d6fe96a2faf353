/** Runs tasks later. A timer never keeps a process alive by itself. */
export interface Timer {
  /** Runs a task again and again, waiting `millis` between the starts, until the returned function is called. */
  every(millis: number, task: () => void): () => void;
}
