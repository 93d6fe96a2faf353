import type { Fault } from "../fault.ts";
import { atMost } from "../verdict/figure.ts";

/** Ends Postgres as a crash does, and starts it again at once. */
export const postgresCrash: Fault = {
  row: 13,
  name: "postgres-crash",
  title: "Postgres is ended as by a crash (-m immediate) and started again at once",
  async inject({ breakAgain, mark, pause, postgres, random, say }) {
    for (let round = 1; round <= 5; round += 1) {
      await pause(random.between(200, 1_500));
      breakAgain();
      await postgres.stop("SIGQUIT");
      await postgres.start();
      mark();
      say(`crash ${String(round)} of 5`);
      await pause(4_000);
    }
  },
  figures: ({ recoverySeconds }) => [atMost("recovery s", recoverySeconds, 10)],
};
