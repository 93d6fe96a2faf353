/** Changes what is said about a flag, again and again: changes of the configuration like any other. */
export class FlagChanger {
  readonly #url: string;
  #flag: { readonly id: string; readonly version: number } | undefined;

  /** @param url of an API */
  constructor(url: string) {
    this.#url = url;
  }

  /** @throws Error when the change is refused */
  async change(description: string): Promise<void> {
    const { id, version } = (this.#flag ??= await this.#find());
    const headers = { "content-type": "application/json", "if-match": `"${String(version)}"` };
    const url = `${this.#url}/v1/flags/${id}`;
    const response = await fetch(url, { method: "PATCH", headers, body: JSON.stringify({ description }) });
    const said = await response.text();
    if (!response.ok) throw new Error(`A change was answered with ${String(response.status)}: ${said}`);
    this.#flag = { id, version: version + 1 };
  }

  async #find(): Promise<{ readonly id: string; readonly version: number }> {
    const response = await fetch(`${this.#url}/v1/flags`);
    const { flags } = (await response.json()) as {
      readonly flags: readonly { readonly id: string; readonly version: number }[];
    };
    const [flag] = flags;
    if (flag === undefined) throw new Error("There is no flag to change.");
    return flag;
  }
}
