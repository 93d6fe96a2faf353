import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { watchParent } from "./parent-watch.ts";

describe("watchParent", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it("tells within about a second, and once, that the parent is gone: this process got another", () => {
    const table = { parentPid: 12, exists: () => true };
    const onGone = vi.fn<() => void>();
    watchParent(12, onGone, table);
    vi.advanceTimersByTime(5_000);
    expect(onGone).not.toHaveBeenCalled();
    table.parentPid = 1;
    vi.advanceTimersByTime(5_000);
    expect(onGone).toHaveBeenCalledOnce();
  });

  it("looks a process up that is not the parent itself", () => {
    let alive = true;
    const onGone = vi.fn<() => void>();
    watchParent(12, onGone, { parentPid: 99, exists: (pid) => pid === 12 && alive });
    vi.advanceTimersByTime(5_000);
    expect(onGone).not.toHaveBeenCalled();
    alive = false;
    vi.advanceTimersByTime(1_000);
    expect(onGone).toHaveBeenCalledOnce();
  });

  it("sees real processes: this one is there, an impossible one is not", () => {
    const here = vi.fn<() => void>();
    const gone = vi.fn<() => void>();
    watchParent(process.pid, here);
    watchParent(4_194_305, gone);
    vi.advanceTimersByTime(1_000);
    expect(here).not.toHaveBeenCalled();
    expect(gone).toHaveBeenCalledOnce();
  });

  it("stops when told to", () => {
    const onGone = vi.fn<() => void>();
    watchParent(12, onGone, { parentPid: 99, exists: () => false })();
    vi.advanceTimersByTime(5_000);
    expect(onGone).not.toHaveBeenCalled();
  });
});
