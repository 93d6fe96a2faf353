import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { markup, prose } from "./markup.ts";

describe("markup", () => {
  it("escapes what is put in, in text and in attributes", () => {
    expect(markup`<a title="${`"><script>'&`}">${"<b>"}</a>`.html).toBe(
      '<a title="&quot;&gt;&lt;script&gt;&#39;&amp;">&lt;b&gt;</a>',
    );
  });

  it("leaves pieces of HTML as they are, also in lists", () => {
    expect(markup`<ul>${[markup`<li>${1}</li>`, [markup`<li>${"&"}</li>`]]}</ul>`.html).toBe(
      "<ul><li>1</li><li>&amp;</li></ul>",
    );
  });

  it("lets no text become anything else", () => {
    fc.assert(fc.property(fc.string(), (text) => !/[<>"']/.test(markup`${text}`.html)));
  });
});

describe("prose", () => {
  it("shows what is between backticks as code", () => {
    expect(prose("use `a<b` or not").html).toBe("use <code>a&lt;b</code> or not");
  });
});
