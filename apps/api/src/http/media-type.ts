const PARAMETER = /^\s*charset\s*=\s*(?:"([^"]*)"|(\S*))\s*$/i;

/** Whether a `Content-Type` announces JSON in UTF-8. Parameters other than `charset` mean nothing for JSON. */
export function isJsonMediaType(contentType: string | undefined): boolean {
  if (contentType === "application/json") return true;
  if (contentType === undefined) return false;
  const [type = "", ...parameters] = contentType.split(";");
  return type.trim().toLowerCase() === "application/json" && parameters.every(isHarmless);
}

function isHarmless(parameter: string): boolean {
  const match = PARAMETER.exec(parameter);
  if (match === null) return true;
  const charset = (match[1] ?? match[2] ?? "").toLowerCase();
  return charset === "utf-8" || charset === "utf8";
}
