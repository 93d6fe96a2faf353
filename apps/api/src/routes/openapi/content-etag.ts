import { hash } from "node:crypto";

/** The strong tag of a body. */
export function contentEtag(body: string): string {
  return `"${hash("sha256", body, "base64url").slice(0, 22)}"`;
}
