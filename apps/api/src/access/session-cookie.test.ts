import { describe, expect, it } from "vitest";
import { SessionCookie } from "./session-cookie.ts";

const TOKEN = "t".repeat(43);

describe("the cookie of a session", () => {
  it("is for TLS and this very host where browsers come by TLS", () => {
    expect(new SessionCookie(true).hand(TOKEN)).toBe(
      `__Host-lotty_session=${TOKEN}; Path=/; HttpOnly; SameSite=Lax; Secure`,
    );
    expect(new SessionCookie(false).hand(TOKEN)).toBe(`lotty_session=${TOKEN}; Path=/; HttpOnly; SameSite=Lax`);
    expect(new SessionCookie(true).takeBack).toContain("; Max-Age=0");
  });

  it.each([
    [`lotty_session=${TOKEN}`, TOKEN],
    [`a=b; lotty_session=${TOKEN};c=d`, TOKEN],
    [`not_lotty_session=${TOKEN}`, undefined],
    [`x=lotty_session=${TOKEN}`, undefined],
    [`lotty_session=${TOKEN}; lotty_session=${TOKEN}`, undefined],
    ["", undefined],
    [undefined, undefined],
  ])("is read from %j as %j", (header, token) => {
    expect(new SessionCookie(false).read(header)).toBe(token);
  });

  it("without the prefix is none where the prefix is needed", () => {
    expect(new SessionCookie(true).read(`lotty_session=${TOKEN}`)).toBeUndefined();
  });
});
