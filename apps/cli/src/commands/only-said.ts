/** The fields of a body that somebody said: what is left out has a default, or stays as it is. */
export function onlySaid(fields: Readonly<Record<string, unknown>>): object {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
