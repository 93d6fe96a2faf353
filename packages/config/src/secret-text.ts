const CONCEALED = "***";

/** A secret. Converting it to text or JSON gives `***`, and inspecting it shows nothing of it. */
export class SecretText {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  /** The secret. For whoever checks or hashes it, for nothing else. */
  reveal(): string {
    return this.#text;
  }

  /** `***`, whatever it is. */
  toString(): string {
    return CONCEALED;
  }

  /** As {@link SecretText.toString}, so that JSON does not show it either. */
  toJSON(): string {
    return this.toString();
  }
}
