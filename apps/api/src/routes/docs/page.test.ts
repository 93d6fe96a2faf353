import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DEMO_FILE } from "../../testing/demo-file.ts";
import { serveConfiguration, type ServedConfiguration } from "../../testing/serve-configuration.ts";

let server: ServedConfiguration;
let page: Response;
let html: string;

beforeAll(async () => {
  server = await serveConfiguration(DEMO_FILE);
  page = await fetch(`${server.url}/docs`);
  html = await page.text();
});

afterAll(() => server.close(0));

describe("GET /docs", () => {
  it("is a page about every route", () => {
    expect(page.headers.get("content-type")).toBe("text/html; charset=utf-8");
    for (const { method, path } of server.routes) {
      expect(html).toContain(`<b>${method}</b> <code>${path.replaceAll(/[:*](\w+)/g, "{$1}")}</code>`);
    }
  });

  it("names no other host, in the page or in what it loads", async () => {
    const loaded = [...html.matchAll(/<(?:link|script|img|iframe)[^>]*(?:href|src)="([^"]*)"/g)].map(
      ([, url = ""]) => url,
    );
    expect(loaded).toEqual(["data:,", "/docs/style.css"]);
    const style = await (await fetch(`${server.url}/docs/style.css`)).text();
    expect(`${html}${style}`).not.toMatch(/https?:|\/\/[a-z]|@import|url\(/i);
  });

  it("is allowed nothing but its own style: no script, no frame, no form", () => {
    expect(page.headers.get("content-security-policy")).toBe(
      "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    );
    expect(html).not.toMatch(/<script|<style|\sstyle=|\son\w+=/i);
  });

  it("has a target for every link into itself, and each id once", () => {
    const ids = [...html.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [, target] of html.matchAll(/href="#([^"]+)"/g)) expect(ids).toContain(target);
  });

  it("has a style sheet that browsers take", async () => {
    const style = await fetch(`${server.url}/docs/style.css`);
    expect(style.headers.get("content-type")).toBe("text/css; charset=utf-8");
    expect(style.headers.get("x-content-type-options")).toBe("nosniff");
  });
});
