import { MICROS_PER_DAY, type Configuration, type SubjectHistory } from "@lotty/domain";
import { configurations, histories, parseGeneratedRule, TEST_NOW } from "@lotty/testkit/generators/configuration";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compileSnapshot } from "../snapshot.ts";
import { explain } from "./explain.ts";
import { standing, type Standing } from "./standing.ts";

const cases = configurations.chain((configuration) => fc.tuple(fc.constant(configuration), histories(configuration)));

function standingOf(configuration: Configuration, history: SubjectHistory, now: number = TEST_NOW): Standing {
  return standing(compileSnapshot(configuration, { parseRule: parseGeneratedRule }), history, now);
}

describe("how a subject stands", () => {
  it("is free of everything when nobody has seen it", () => {
    fc.assert(
      fc.property(configurations, (configuration) => {
        const { assignments, cooldown, domains, participation } = standingOf(configuration, []);
        expect([assignments, cooldown.cooling, cooldown.freeAt, domains, participation.taken]).toStrictEqual([
          [],
          [],
          null,
          [],
          [],
        ]);
      }),
    );
  });

  it("names what blocks any experiment that the subject is not in, as explain does for a flag", () => {
    fc.assert(
      fc.property(cases, ([configuration, history]) => {
        const snapshot = compileSnapshot(configuration, { parseRule: parseGeneratedRule });
        const { cooldown, participation } = standing(snapshot, history, TEST_NOW);
        const context = { subject: { id: "someone", attributes: { country: "DE", age: 40 } }, history, now: TEST_NOW };
        for (const flag of configuration.flags) {
          const running = snapshot.flags.get(flag.key)?.running;
          if (running === null || history.some(({ experimentId }) => experimentId === running?.experiment.id)) continue;
          for (const gate of explain(snapshot, flag.key, context).gates) {
            if (gate.gate !== "participation" || gate.concurrent === undefined) continue;
            expect(new Set(gate.concurrent)).toStrictEqual(new Set(participation.taken));
            expect(new Set(gate.cooling)).toStrictEqual(new Set(cooldown.cooling));
          }
        }
      }),
    );
  });

  it("is out of every cooldown from the given instant on, and not before", () => {
    fc.assert(
      fc.property(cases, ([configuration, history]) => {
        const { freeAt } = standingOf(configuration, history).cooldown;
        if (freeAt === null) return;
        expect(standingOf(configuration, history, freeAt).cooldown).toMatchObject({ cooling: [], freeAt: null });
        expect(standingOf(configuration, history, freeAt - 1).cooldown.freeAt).toBe(freeAt);
      }),
    );
  });

  it("is bound to a domain by the active member that has had the subject longest", () => {
    fc.assert(
      fc.property(cases, ([configuration, history]) => {
        const active = new Map(
          configuration.experiments.map(({ id, status }) => [id, status === "running" || status === "paused"]),
        );
        const expected = configuration.domains.flatMap(({ id, members }) => {
          const holding = history
            .filter(
              ({ experimentId }) =>
                active.get(experimentId) === true && members.some((each) => each.experimentId === experimentId),
            )
            .toSorted((a, b) => a.firstDecidedAt - b.firstDecidedAt || (a.experimentId < b.experimentId ? -1 : 1))[0];
          return holding === undefined ? [] : [[id, holding.experimentId]];
        });
        const held = standingOf(configuration, history).domains.map(({ domainId, holder }) => [
          domainId,
          holder.experimentId,
        ]);
        expect(held).toStrictEqual(expected);
      }),
    );
  });

  it("tells of assignments in experiments that no configuration knows, which block nothing", () => {
    const history = [
      { experimentId: "gone", variantId: "v", firstDecidedAt: TEST_NOW - MICROS_PER_DAY, lastDecidedAt: TEST_NOW },
    ];
    const empty: Configuration = {
      environmentId: "e",
      revision: 3,
      flags: [],
      experiments: [],
      domains: [],
      segments: [],
    };
    const { assignments, participation, revision } = standingOf(empty, history);
    expect(assignments).toStrictEqual([{ ...history[0], experiment: null, variantName: null }]);
    expect([participation.taken, revision]).toStrictEqual([[], 3]);
  });
});
