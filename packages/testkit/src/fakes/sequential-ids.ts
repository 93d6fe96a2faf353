import { MICROS_PER_MILLI, type IdSource, type Instant } from "@lotty/domain";

/** UUIDv7s whose random part counts up: the same every time, and in order. */
export class SequentialIds implements IdSource {
  #count = 0;

  next(now: Instant): string {
    const millis = Math.floor(now / MICROS_PER_MILLI)
      .toString(16)
      .padStart(12, "0");
    const count = (this.#count++).toString(16).padStart(12, "0");
    return `${millis.slice(0, 8)}-${millis.slice(8)}-7000-8000-${count}`;
  }
}
