import { promisify } from "node:util";
import { gunzip } from "node:zlib";

const unpack = promisify(gunzip);

/** What came of unpacking: the bytes, or that they are too many, or no gzip at all. */
export type Inflated =
  | { readonly status: "done"; readonly body: Buffer }
  | { readonly status: "too_large" }
  | { readonly status: "damaged" };

/** Unpacks gzip, and gives up as soon as there are more than `limit` bytes: a small body may unpack to gigabytes. */
export async function inflate(packed: Buffer, limit: number): Promise<Inflated> {
  try {
    return { status: "done", body: await unpack(packed, { maxOutputLength: limit }) };
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    return { status: code === "ERR_BUFFER_TOO_LARGE" ? "too_large" : "damaged" };
  }
}
