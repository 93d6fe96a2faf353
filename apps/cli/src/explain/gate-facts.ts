import type { DomainResponse, GateResponse } from "@lotty/contracts";
import { clauseLines } from "./clause-lines.ts";

/** What there is to say about a gate. */
export interface GateFacts {
  readonly summary: string;
  readonly details: readonly string[];
}

/** The inputs of a gate that was reached, in words. */
export function gateFacts(gate: GateResponse): GateFacts {
  switch (gate.gate) {
    case "flag":
      if (gate.enabled === false) return plain(`${gate.flag_key} is disabled`);
      return plain(gate.verdict === "passed" ? `${gate.flag_key} is known` : `there is no flag ${gate.flag_key}`);
    case "experiment":
      return plain(
        gate.experiment_key === undefined
          ? "no experiment is active on the flag"
          : `${gate.experiment_key} is ${experimentState(gate)}`,
      );
    case "targeting":
      return targetingFacts(gate);
    case "participation":
      return participationFacts(gate);
    case "conflict_domains":
      return domainFacts(gate.domains ?? []);
    case "allocation":
      return plain(allocationText(gate));
    case "variants":
      return plain(
        gate.count === undefined || gate.count === 0
          ? "the experiment has no variants"
          : countOf(gate.count, "variant"),
      );
    case "variant":
      return variantFacts(gate);
  }
}

type Gate<Name extends GateResponse["gate"]> = Extract<GateResponse, { gate: Name }>;

function experimentState({ gives_control: givesControl, status }: Gate<"experiment">): string {
  if (givesControl === undefined) return status ?? "not running";
  return `${status ?? "paused"} and rolled back: ${givesControl ? "the subject gets control's value" : "the subject is not meant"}`;
}

function plain(summary: string): GateFacts {
  return { summary, details: [] };
}

function countOf(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

function targetingFacts(gate: Gate<"targeting">): GateFacts {
  if (gate.fault !== undefined) return plain(`the rule cannot be used and takes nobody: ${gate.fault}`);
  const clauses = gate.clauses ?? [];
  if (clauses.length === 0) return plain("no rule: everyone is meant");
  const summary = gate.verdict === "passed" ? "the rule takes the subject" : "the rule does not take the subject";
  return { summary, details: clauses.flatMap(clauseLines) };
}

function participationFacts(gate: Gate<"participation">): GateFacts {
  const concurrent = gate.concurrent ?? [];
  const cooling = gate.cooling ?? [];
  const summary = `in ${countOf(concurrent.length, "other active experiment")}; fewer than ${gate.limit} are allowed`;
  return {
    summary,
    details: [
      ...concurrent.map(
        (each) => `in ${each.experiment_key} (${each.status}), last decided at ${each.last_decided_at}`,
      ),
      ...cooling.map(
        (each) =>
          `was in ${each.experiment_key} (${each.status}), last decided at ${each.last_decided_at}; free ` +
          (each.free_at === undefined ? `after ${gate.cooldown_days} days` : `at ${each.free_at}`),
      ),
    ],
  };
}

function domainFacts(domains: readonly DomainResponse[]): GateFacts {
  if (domains.length === 0) return plain("the experiment is in none");
  const refused = domains.filter(({ passed }) => !passed).map(({ domain_key }) => domain_key);
  const summary =
    refused.length === 0 ? domains.map(({ domain_key }) => domain_key).join(", ") : `lost in ${refused.join(", ")}`;
  return { summary, details: domains.flatMap(domainText) };
}

const WON_BY: Readonly<Record<NonNullable<DomainResponse["won_by"]>, string>> = {
  holder: "is in it already",
  only_candidate: "is the only one that wants the subject",
  priority: "has the highest priority",
  tie_bucket: "has the smaller bucket of equal priorities",
  experiment_id: "has the smaller id of equal priorities and buckets",
};

function domainText(domain: DomainResponse): readonly string[] {
  const winner = domain.candidates.find(({ experiment_id }) => experiment_id === domain.winner_experiment_id);
  const result =
    winner === undefined || domain.won_by === undefined
      ? `${domain.domain_key}: nobody wants the subject`
      : `${domain.domain_key}: ${winner.experiment_key} has the subject, because it ${WON_BY[domain.won_by]}`;
  return [
    result,
    ...domain.candidates.map(({ experiment_key, eligible, priority, status, tie_bucket }) => {
      const bucket = tie_bucket === undefined ? "" : `, tie bucket ${tie_bucket}`;
      return `  ${eligible ? "✓" : "·"} ${experiment_key}: priority ${priority}, ${status}${eligible ? bucket : ", does not want the subject"}`;
    }),
  ];
}

function allocationText(gate: Gate<"allocation">): string {
  const share = `${gate.traffic_allocation ?? "?"} % of the subjects take part`;
  if (gate.bucket === undefined) return share;
  const relation = gate.verdict === "passed" ? "below" : "not below";
  return `${share}; bucket ${gate.bucket} is ${relation} ${gate.threshold ?? 0}`;
}

function variantFacts(gate: Gate<"variant">): GateFacts {
  const name = gate.variant_name ?? "?";
  const ranges = gate.ranges ?? [];
  const details = ranges.map((range) => {
    const mark = range.variant_id === gate.variant_id ? "✓" : "·";
    return `${mark} ${range.name}: weight ${range.weight}, up to ${range.up_to} of ${gate.total_weight ?? "?"}`;
  });
  const how = {
    range: gate.bucket === undefined ? "" : `, bucket ${gate.bucket} of 10000`,
    only_variant: ", the only one",
    fallback: ", the last one: no range takes the bucket",
    sticky_assignment: ", kept from before",
  };
  return { summary: `${name}${how[gate.chosen_by ?? "range"]}`, details };
}
