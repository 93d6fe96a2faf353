import type { Announcement } from "@lotty/domain";

/** Slack cuts texts off beyond 40,000 characters. */
const MAX_LENGTH = 30_000;

/** A message as Slack's incoming webhooks, and programs that take the same, read it. */
export function slackMessage(announcements: readonly Announcement[]): string {
  const lines = announcements.map(({ actorName, summary }) => `${escapeSlack(summary)} _(${escapeSlack(actorName)})_`);
  const text = lines.length === 1 ? lines.join("") : lines.map((line) => `• ${line}`).join("\n");
  const cut = text.length <= MAX_LENGTH ? text : `${text.slice(0, MAX_LENGTH).toWellFormed()}…`;
  return JSON.stringify({ text: cut, unfurl_links: false, unfurl_media: false });
}

/**
 * Takes the meaning from what Slack would read as a command, such as `<!channel>` in a comment, and from its marks for bold and
 * code. Slack asks for the first three.
 */
export function escapeSlack(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll(/[*_~`]/g, (mark) => `\u200B${mark}\u200B`)
    .replaceAll(/\s+/g, " ");
}
