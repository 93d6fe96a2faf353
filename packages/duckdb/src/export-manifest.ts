import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { LottyError } from "@lotty/domain";
import * as z from "zod";

/** Version of the layout of the files. Readers refuse others. */
export const FORMAT = 1;

const MANIFEST = "manifest.json";

/** A file beside the manifest, and its rows. */
interface WrittenFile {
  readonly file: string;
  readonly rows: number;
}

/** What lies in a directory of Parquet files. */
export interface ExportManifest {
  readonly format: typeof FORMAT;
  readonly environment_id: string;
  readonly experiment_id: string;
  /** Events received before this instant, in microseconds since 1970, are in the measures. */
  readonly watermark_micros: number | null;
  readonly exposures: WrittenFile;
  readonly metrics: readonly ExportedFile[];
}

/** The file of one metric. Its definition is there for people: what measures mean follows from the metric in that version. */
export interface ExportedFile extends WrittenFile {
  readonly metric_id: string;
  readonly version: number;
  readonly key: string;
  readonly definition: unknown;
}

const written = { file: z.string().regex(/^[\w-]+\.parquet$/), rows: z.int().nonnegative() };

const schema: z.ZodType<ExportManifest> = z.object({
  format: z.literal(FORMAT),
  environment_id: z.string(),
  experiment_id: z.string(),
  watermark_micros: z.int().nullable(),
  exposures: z.object(written),
  metrics: z.array(
    z.object({ metric_id: z.string(), version: z.int(), key: z.string(), definition: z.unknown(), ...written }),
  ),
});

/** Writes the manifest of a directory. */
export async function writeManifest(directory: string, manifest: ExportManifest): Promise<void> {
  await writeFile(join(directory, MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`);
}

/**
 * Reads the manifest of a directory.
 *
 * @throws LottyError `not_found` when there is none, `invalid_request` when this version cannot read it
 */
export async function readManifest(directory: string): Promise<ExportManifest> {
  let text: string;
  try {
    text = await readFile(join(directory, MANIFEST), "utf8");
  } catch (error) {
    throw new LottyError("not_found", `There is no export in ${directory}: it has no readable ${MANIFEST}.`, {
      cause: error,
    });
  }
  const parsed = schema.safeParse(jsonOf(text));
  if (parsed.success) return parsed.data;
  throw new LottyError("invalid_request", `${join(directory, MANIFEST)} is not of an export in format ${FORMAT}.`);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
