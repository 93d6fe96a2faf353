/** An answer to a curl line. */
export interface CurlReply {
  readonly status: number;
  readonly text: string;
}

/** Does what a curl line of the kind that we show to people would do, on any machine: no shell and no curl needed. */
export async function runCurl(line: string): Promise<CurlReply> {
  const [command, ...words] = shellWords(line.trim());
  if (command !== "curl") throw new Error(`not a curl line: ${line}`);
  const { url, init } = requestOf(words);
  const response = await fetch(url, init);
  return { status: response.status, text: await response.text() };
}

/** A word as a shell takes it, `plain` or `'quoted'`, with the white space before it; a backslash at the end of a line goes on. */
const WORD = /(?:\s|\\\n)*(?:'([^']*)'|([\w./:=-]+))(?=\s|$)/y;

function shellWords(line: string): readonly string[] {
  const words: string[] = [];
  for (WORD.lastIndex = 0; WORD.lastIndex < line.length;) {
    const start = WORD.lastIndex;
    const match = WORD.exec(line);
    if (match === null) throw new Error(`not plain from ${start} on: ${line}`);
    words.push(match[1] ?? match[2] ?? "");
  }
  return words;
}

function requestOf(words: readonly string[]): { readonly url: string; readonly init: RequestInit } {
  const headers = new Headers();
  let url = "";
  let body: string | null = null;
  let method: string | undefined;
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? "";
    if (word === "-s") continue;
    if (word === "-H") {
      const [name = "", value = ""] = (words[++index] ?? "").split(": ");
      headers.set(name, value);
    } else if (word === "-d") {
      body = words[++index] ?? "";
    } else if (word === "-X") {
      method = words[++index] ?? "";
    } else if (word.startsWith("http://") && url === "") {
      url = word;
    } else {
      throw new Error(`unknown word: ${word}`);
    }
  }
  // What curl says when it sends a body and nobody tells it better.
  if (body !== null && !headers.has("content-type")) headers.set("content-type", "application/x-www-form-urlencoded");
  return { url, init: { method: method ?? (body === null ? "GET" : "POST"), headers, body } };
}
