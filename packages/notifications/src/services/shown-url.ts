/** A receiver's address without what lets others post there: of Slack, the path is all there is to know. */
export function shownUrl(text: string): string {
  const { origin, pathname, search } = new URL(text);
  return pathname === "/" && search === "" ? `${origin}/` : `${origin}/…`;
}
