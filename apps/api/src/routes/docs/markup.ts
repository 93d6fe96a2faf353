/** A piece of HTML in which everything that was text is escaped. */
export class Markup {
  readonly html: string;

  constructor(html: string) {
    this.html = html;
  }
}

const ESCAPES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Text and pieces of HTML, or lists of them. */
export type Content = string | number | Markup | readonly Content[];

/** Puts HTML together. Every text that is put in is escaped, so that nothing in it can become an element or an attribute. */
export function markup(parts: TemplateStringsArray, ...contents: readonly Content[]): Markup {
  return new Markup(
    parts.map((part, index) => part + (index < contents.length ? htmlOf(contents[index] ?? "") : "")).join(""),
  );
}

function htmlOf(content: Content): string {
  if (content instanceof Markup) return content.html;
  if (typeof content === "string") return content.replaceAll(/[&<>"']/g, (unit) => ESCAPES[unit] ?? "");
  return typeof content === "number" ? String(content) : content.map(htmlOf).join("");
}

/** Text in which `code` between backticks is shown as code. */
export function prose(text: string): Markup {
  return markup`${text.split("`").map((part, index) => (index % 2 === 0 ? part : markup`<code>${part}</code>`))}`;
}
