import fc from "fast-check";
import { expect, test } from "vitest";
import { AgeList, type Aged } from "./age-list.ts";

interface Guest extends Aged<Guest> {
  readonly name: number;
}

function namesOf(list: AgeList<Guest>): number[] {
  const names: number[] = [];
  for (let guest = list.oldest; guest !== null; guest = guest.younger) names.push(guest.name);
  return names;
}

test("a list by age holds what a list of all who came and have not gone would hold", () => {
  const steps = fc.array(fc.record({ comes: fc.boolean(), which: fc.nat({ max: 9 }) }), { maxLength: 60 });
  fc.assert(
    fc.property(steps, (all) => {
      const list = new AgeList<Guest>();
      const guests: Guest[] = [];
      let expected: Guest[] = [];
      for (const { comes, which } of all) {
        if (comes) {
          const guest: Guest = { name: guests.length, older: null, younger: null };
          guests.push(guest);
          expected = [...expected, guest];
          list.add(guest);
        } else {
          // Also one who has gone already.
          const guest = guests[which];
          if (guest === undefined) continue;
          expected = expected.filter((other) => other !== guest);
          list.remove(guest);
        }
        expect(namesOf(list)).toStrictEqual(expected.map(({ name }) => name));
      }
    }),
  );
});
