/**
 * Index of the first character at which a text can no longer become JSON, or its length when it only ends too early;
 * `undefined` when it is JSON. For telling people where a text is broken without quoting it, which the messages of
 * `JSON.parse` do. Linear, and without recursion.
 */
export function jsonFaultIndex(text: string): number | undefined {
  const scanner = new Scanner(text);
  return scanner.document() ? undefined : scanner.index;
}

const SPACE = /[ \t\n\r]*/y;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
/** Characters before the space must be escaped in JSON. */
const FIRST_PLAIN_CODE = 0x20;
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;
const WORDS = ["true", "false", "null"] as const;

class Scanner {
  index = 0;
  private readonly text: string;
  /** Closing brackets that are still due, innermost last. */
  private readonly due: ("}" | "]")[] = [];

  constructor(text: string) {
    this.text = text;
  }

  document(): boolean {
    for (;;) {
      if (!this.valueOrOpening()) return false;
      this.closings();
      if (this.due.length === 0) return this.index === this.text.length;
      if (!this.character(",")) return false;
      if (this.due.at(-1) === "}" && !this.memberName()) return false;
    }
  }

  /** Goes into lists and objects until a scalar or an empty container. */
  private valueOrOpening(): boolean {
    for (;;) {
      this.skip(SPACE);
      if (this.character("[")) {
        this.skip(SPACE);
        this.due.push("]");
        if (this.at("]")) return true;
      } else if (this.character("{")) {
        this.skip(SPACE);
        this.due.push("}");
        if (this.at("}")) return true;
        if (!this.memberName()) return false;
      } else {
        return this.scalar();
      }
    }
  }

  private closings(): void {
    this.skip(SPACE);
    for (let due = this.due.at(-1); due !== undefined && this.character(due); due = this.due.at(-1)) {
      this.due.pop();
      this.skip(SPACE);
    }
  }

  private memberName(): boolean {
    this.skip(SPACE);
    if (!this.string()) return false;
    this.skip(SPACE);
    return this.character(":");
  }

  private scalar(): boolean {
    return this.at('"') ? this.string() : WORDS.some((word) => this.word(word)) || this.skip(NUMBER);
  }

  private string(): boolean {
    if (!this.character('"')) return false;
    do this.plainCharacters();
    while (this.skip(ESCAPE));
    return this.character('"');
  }

  /** Goes up to a quote, a backslash or a control character. */
  private plainCharacters(): void {
    while (this.index < this.text.length && !this.at('"') && !this.at("\\")) {
      if (this.text.charCodeAt(this.index) < FIRST_PLAIN_CODE) return;
      this.index += 1;
    }
  }

  private word(word: string): boolean {
    if (!this.text.startsWith(word, this.index)) return false;
    this.index += word.length;
    return true;
  }

  private at(character: string): boolean {
    return this.text[this.index] === character;
  }

  private character(character: string): boolean {
    if (!this.at(character)) return false;
    this.index += 1;
    return true;
  }

  /** Goes past the longest match of a pattern; whether there was one of at least one character. */
  private skip(pattern: RegExp): boolean {
    pattern.lastIndex = this.index;
    const length = pattern.exec(this.text)?.[0].length ?? 0;
    this.index += length;
    return length > 0;
  }
}
