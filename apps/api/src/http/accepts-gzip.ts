/**
 * Whether an `Accept-Encoding` takes gzip, by name or as one of all, and not with the quality 0 (RFC 9110, section 12.5.3).
 *
 * @param header as Node gives it: several headers are joined by commas
 */
export function acceptsGzip(header: string | string[] | undefined): boolean {
  const offers = String(header ?? "")
    .split(",")
    .map(offerOf);
  const gzip = offers.find(({ coding }) => coding === "gzip") ?? offers.find(({ coding }) => coding === "*");
  return gzip !== undefined && gzip.quality > 0;
}

function offerOf(text: string): { readonly coding: string; readonly quality: number } {
  const [coding = "", ...parameters] = text.split(";").map((part) => part.trim().toLowerCase());
  const quality = parameters.find((parameter) => parameter.startsWith("q="))?.slice(2);
  return { coding, quality: quality === undefined ? 1 : Number(quality) || 0 };
}
