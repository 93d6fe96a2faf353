import { type FileHandle, open } from "node:fs/promises";
import { fileError } from "../sources/read-definitions-file.ts";
import { say, type Terminal, write } from "../terminal/terminal.ts";
import { completeRun, type RunFiles } from "./run-files.ts";

/** Where the lines of a result go. */
export interface ResultSink {
  /** Takes a line of the result; waits while the disk or the reader is slow. */
  result(line: string): Promise<void>;
  /** Takes a complaint about a line of the input. */
  complaint(line: number, message: string): Promise<void>;
  /** Writes what is held back. `complete`: the input is at its end. */
  close(complete: boolean): Promise<void>;
}

/** Characters gathered before they are written: fewer, larger writes. */
const GATHERED = 65_536;

/** Writes results and complaints to the files of a run. */
export async function fileSink(files: RunFiles): Promise<ResultSink> {
  const results = await openToAppend(files.part);
  let complaints: FileHandle | undefined;
  let waiting = "";
  let waitingComplaints = "";

  const flush = async (): Promise<void> => {
    // Complaints first: a process killed in between goes on after the last result and must have all complaints before it.
    if (waitingComplaints !== "") {
      complaints ??= await openToAppend(files.errors);
      await complaints.appendFile(waitingComplaints);
      waitingComplaints = "";
    }
    await results.appendFile(waiting);
    waiting = "";
  };
  return {
    result: async (line) => {
      waiting += `${line}\n`;
      if (waiting.length >= GATHERED) await flush();
    },
    complaint: async (line, message) => {
      waitingComplaints += `${JSON.stringify({ line, message })}\n`;
      if (waitingComplaints.length >= GATHERED) await flush();
    },
    close: async (complete) => {
      try {
        await flush();
        if (complete) await results.sync();
      } finally {
        await Promise.all([results.close(), complaints?.close()]);
      }
      if (complete) await completeRun(files);
    },
  };
}

/** Writes results to the standard output and complaints to the standard error stream. */
export function streamSink(terminal: Terminal, inputName: string): ResultSink {
  let waiting = "";
  const flush = async (): Promise<void> => {
    const text = waiting;
    waiting = "";
    if (text !== "") await write(terminal.out, text);
  };
  return {
    result: async (line) => {
      waiting += `${line}\n`;
      if (terminal.out.isTerminal || waiting.length >= GATHERED) await flush();
    },
    complaint: (line, message) => say(terminal, `${inputName}:${line}: ${message}`),
    close: flush,
  };
}

async function openToAppend(path: string): Promise<FileHandle> {
  try {
    return await open(path, "a");
  } catch (error) {
    throw fileError(path, error);
  }
}
