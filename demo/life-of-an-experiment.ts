import { randomBytes } from "node:crypto";
import { Person, textIn, type Thing } from "./person.ts";
import { type AllGot, describe, Shop } from "./shop.ts";

/** Where the demo is played, and how it tells what happens. */
export interface Stage {
  readonly url: string;
  /** The password of the person called `admin`. */
  readonly adminPassword: string;
  readonly say: (line: string) => void;
}

const VISITORS = 80;

/** Of 80 visitors, fewer than 20 with a variant that has half of the weight happens once in a million times. */
const LEAST_PER_VARIANT = 20;

/**
 * Plays the life of an experiment as three people and a shop: from a draft to the winner that everybody gets, looking at each step at
 * what visitors get. Leaves nothing that is active behind.
 *
 * @throws Error at the first thing that is not as it should be
 */
export async function playLifeOfAnExperiment({ adminPassword, say, url }: Stage): Promise<void> {
  // So that the demo can be played on the same server again.
  const run = randomBytes(3).toString("hex");
  const [here, abroad] = [visitorsOf(`de-${run}`), visitorsOf(`us-${run}`)];

  say("An admin adds an experimenter and an approver, says who reviews whom, and gives the shop a key.");
  const admin = new Person(url, "admin");
  await admin.logIn(adminPassword);
  const [eve, ann] = [new Person(url, `eve-${run}`), new Person(url, `ann-${run}`)];
  const people: Thing[] = [];
  for (const [person, role] of [
    [eve, "experimenter"],
    [ann, "approver"],
  ] as const) {
    const password = randomBytes(18).toString("base64url");
    people.push(await admin.does("POST", "/v1/users", { body: { name: person.name, password, roles: [role] } }));
    await person.logIn(password);
  }
  const [eveId = "", annId = ""] = people.map(({ id }) => id);
  const group = await admin.does("POST", "/v1/approver-groups", {
    body: { name: `checkout-${run}`, experimenters: [eveId], approvers: [annId], minimum: 1 },
  });
  const key = await admin.does("POST", "/v1/keys", {
    body: { name: `shop-${run}`, type: "server", scopes: ["decide"] },
  });
  const flagKey = `button-${run}`;
  const shop = new Shop(url, flagKey, textIn(key.all, "key"));

  /** Waits until all visitors here get what they should. */
  async function expectHere(what: string, isAsExpected: (got: AllGot) => boolean): Promise<AllGot> {
    const got = await shop.until(what, () => shop.ask(here, "DE"), isAsExpected);
    say(`  ${what}: ${describe(got)}`);
    return got;
  }

  say("The experimenter makes a flag.");
  const flag = await eve.does("POST", "/v1/flags", {
    body: { key: flagKey, type: "string", default: "grey", owner: "team checkout" },
  });
  await expectHere("Everybody gets the default", all("grey", "no_active_experiment"));

  say("She drafts an experiment, which changes nothing yet and cannot be started.");
  let experiment = await eve.does("POST", "/v1/experiments", {
    body: {
      key: `green-button-${run}`,
      flag_id: flag.id,
      rule: 'country == "DE"',
      traffic_allocation: "100.00",
      hypothesis: "Green is pressed more often",
      owner: "team checkout",
      planned_days: 14,
      variants: [
        { name: "control", value: "grey", weight: "50.00", is_control: true },
        { name: "green", value: "green", weight: "50.00" },
      ],
    },
  });

  /** Takes the experiment one step on, as somebody who has seen its current version. */
  async function step(person: Person, action: string, body?: unknown): Promise<void> {
    const { id, version } = experiment;
    const sent = body === undefined ? { version } : { body, version };
    experiment = await person.does("POST", `/v1/experiments/${id}/${action}`, sent);
    say(`  ${person.name}: ${action}. The experiment is ${experiment.status}.`);
  }
  async function noStep(person: Person, action: string): Promise<void> {
    const { id, version } = experiment;
    const refusal = await person.isRefused("POST", `/v1/experiments/${id}/${action}`, { version });
    say(`  ${person.name}: ${action}. Refused: ${refusal}.`);
  }
  await noStep(eve, "start");
  await expectHere("Everybody gets the default", all("grey", "no_active_experiment"));

  say("It is reviewed by somebody else than its author, and started.");
  await step(eve, "submit");
  await noStep(eve, "approve");
  await step(ann, "approve", { comment: "Sound." });
  await step(eve, "start");
  const first = await expectHere("Visitors from Germany take part", splitBetween("grey", "green"));
  const others = await shop.ask(abroad, "US");
  check("Visitors from elsewhere do not", all("grey", "targeting_mismatch")(others));
  say(`  Others do not: ${describe(others)}`);

  say("The approver stops it for a while. Who had a variant gets the same one afterwards.");
  await step(ann, "pause");
  await expectHere("Everybody gets the default", all("grey", "no_active_experiment"));
  await step(eve, "resume");
  await expectHere("Everybody gets what they had", sameAs(first));

  say("She wants fewer newcomers. That is a proposal until it is approved, and moves nobody.");
  await step(eve, "edit", { traffic_allocation: "10.00" });
  await noStep(eve, "apply-edit");
  await step(ann, "approve");
  await step(eve, "apply-edit", { confirm: true });
  await expectHere("Who has a variant keeps it", sameAs(first));
  const late = visitorsOf(`late-${run}`);
  const newcomers = await shop.until(
    "Most newcomers stay outside",
    () => shop.ask(late, "DE"),
    (got) => countOf(got, "outside_traffic_allocation") > VISITORS / 2,
  );
  say(`  Most newcomers stay outside: ${describe(newcomers)}`);

  say("The kill switch gives everybody the default, and lets go again.");
  await ann.isRefused("POST", `/v1/flags/${flag.id}/disable`).then((refusal) => say(`  ${ann.name}: ${refusal}.`));
  const off = await eve.does("POST", `/v1/flags/${flag.id}/disable`);
  await expectHere("Everybody gets the default", all("grey", "flag_disabled"));
  await eve.does("POST", `/v1/flags/${flag.id}/enable`, { version: off.version });
  await expectHere("Everybody gets what they had", sameAs(first));

  say("Green wins and becomes the flag's default in the same step.");
  await step(eve, "complete", { outcome: "rollout_winner", variant: "green", comment: "Pressed twice as often." });
  await expectHere("Everybody gets the winner", all("green", "no_active_experiment"));

  say("All of it is on record, in a chain that nobody can change unnoticed.");
  const chain = await admin.does("GET", "/v1/audit/verify");
  check("The chain holds", chain.all["ok"] === true);
  say(`  ${String(chain.all["entries"])} entries, the chain holds.`);

  say("What was made is put away.");
  await step(eve, "archive");
  await eve.does("POST", `/v1/flags/${flag.id}/archive`, {
    version: (await eve.does("GET", `/v1/flags/${flag.id}`)).version,
  });
  await admin.does("DELETE", `/v1/approver-groups/${group.id}`);
  for (const { id } of people) await admin.does("DELETE", `/v1/users/${id}`);
  await admin.does("DELETE", `/v1/keys/${key.id}`);
  await shop.until(
    "The shop's key works no more",
    () => asked(shop),
    (got) => got.has("401"),
  );
  say("  The shop's key works no more.");
}

function visitorsOf(prefix: string): readonly string[] {
  return Array.from({ length: VISITORS }, (_, index) => `${prefix}-${index}`);
}

/** Everybody gets one value for one reason. */
function all(value: string, reason: string): (got: AllGot) => boolean {
  return (got) => [...got.values()].every((each) => each.value === value && each.reason === reason);
}

/** Everybody takes part, and about as many get the one value as the other. */
function splitBetween(one: string, other: string): (got: AllGot) => boolean {
  return (got) =>
    countOf(got, "experiment_assigned") === got.size &&
    [one, other].every((value) => [...got.values()].filter((each) => each.value === value).length >= LEAST_PER_VARIANT);
}

function sameAs(before: AllGot): (got: AllGot) => boolean {
  return (got) =>
    [...before].every(([visitor, { reason, value }]) => {
      const now = got.get(visitor);
      return now?.value === value && now.reason === reason;
    });
}

function countOf(got: AllGot, reason: string): number {
  return [...got.values()].filter((each) => each.reason === reason).length;
}

function check(what: string, holds: boolean): void {
  if (!holds) throw new Error(`This does not hold: ${what}`);
}

/** The status of an answer in the form in which answers are waited for. */
async function asked(shop: Shop): Promise<AllGot> {
  const status = String(await shop.status());
  return new Map([[status, { value: status, reason: "" }]]);
}
