/**
 * Whether the `If-None-Match` of a request names a tag, or any by `*`. Compares weakly, as RFC 9110 wants it for reading.
 *
 * @param header as Node gives it: several headers are joined by commas
 */
export function matchesEtag(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  if (header.trim() === "*") return true;
  const opaque = opaqueTag(etag);
  return header.split(",").some((each) => opaqueTag(each.trim()) === opaque);
}

function opaqueTag(etag: string): string {
  return etag.startsWith("W/") ? etag.slice(2) : etag;
}
