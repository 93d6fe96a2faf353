import type { TrustCheck, VariantFunnel } from "@lotty/domain";
import { testIndependence } from "@lotty/stats";
import type { TrustData } from "./trust-data.ts";
import { percent, probability } from "./wording.ts";

const ALARM = 0.001;
const DOUBT = 0.01;

/** Share of subjects in several variants from which results are in doubt, and from which they are broken. */
const MANY_IN_SEVERAL = 0.01;
const TOO_MANY_IN_SEVERAL = 0.1;

/** Whether subjects met several variants: they are left out, and must not be many. */
export function severalVariants({ several }: TrustData): TrustCheck {
  const check = "several_variants";
  if (several === null || several.exposed === 0) {
    return { check, light: "unknown", message: "Nobody was exposed yet.", facts: {} };
  }
  const share = several.several / several.exposed;
  const light = share >= TOO_MANY_IN_SEVERAL ? "red" : share >= MANY_IN_SEVERAL ? "amber" : "green";
  const message = `${several.several} of ${several.exposed} exposed subjects (${percent(share)}) met several variants and are left out.`;
  return { check, light, message, facts: { several: several.several, exposed: several.exposed, share } };
}

/** Whether variants lose subjects between decision and exposure differently: then the arms are no longer alike. */
export function differentialExposure(data: TrustData): TrustCheck {
  return differential(data, {
    check: "differential_exposure",
    of: ({ decided }) => decided,
    kept: ({ exposed }) => exposed,
    says: "of the decided subjects were exposed",
    worst: "red",
    doubt: "A variant that hides its own exposures makes all of its numbers wrong.",
  });
}

/** Whether variants differ in who has an event at all: it may be the effect itself, or events that get lost. */
export function differentialAttribution(data: TrustData): TrustCheck {
  return differential(data, {
    check: "differential_attribution",
    of: ({ exposed }) => exposed,
    kept: ({ attributed }) => attributed,
    says: "of the exposed subjects have an event",
    worst: "amber",
    doubt: "That may be the effect itself, or events that one variant loses.",
  });
}

interface Passage {
  readonly check: TrustCheck["check"];
  readonly of: (funnel: VariantFunnel) => number;
  readonly kept: (funnel: VariantFunnel) => number;
  readonly says: string;
  readonly worst: "red" | "amber";
  readonly doubt: string;
}

function differential({ funnel, variants }: TrustData, passage: Passage): TrustCheck {
  const { check } = passage;
  const rows = variants.flatMap(({ id, name }) => {
    const own = funnel.find(({ variantId }) => variantId === id);
    if (own === undefined) return [];
    const [of, kept] = [passage.of(own), passage.kept(own)];
    return of === 0 ? [] : [{ name, kept, lost: Math.max(0, of - kept), share: kept / of }];
  });
  const facts = Object.fromEntries(rows.map(({ name, share }) => [name, share]));
  const shares = rows.map(({ name, share }) => `${name} ${percent(share)}`).join(", ");
  const test = testIndependence(rows.map(({ kept, lost }) => [kept, lost]));
  if (test.status === "no_data") {
    const nothing = rows.length === 0 ? "There are no subjects to look at yet." : `${shares} ${passage.says}.`;
    return { check, light: rows.length === 0 ? "unknown" : "green", message: nothing, facts };
  }
  const light = test.p < ALARM ? passage.worst : test.p < DOUBT ? "amber" : "green";
  const message = `${shares} ${passage.says} (${probability(test.p)}).${light === "green" ? "" : ` ${passage.doubt}`}`;
  return { check, light, message, facts: { ...facts, p: test.p } };
}

/** Shares of decisions that limits and conflict domains kept out; above this, whom the experiment is about is in question. */
const MANY_EXCLUDED = 0.5;

/** How many were kept out by participation limits and conflict domains, before they could have a variant. */
export function exclusions({ exclusions: known }: TrustData): TrustCheck {
  const check = "exclusions";
  if (known === null || known.decisions === 0) {
    return { check, light: "unknown", message: "It is not known how many were kept out.", facts: {} };
  }
  const { decisions, domainConflict, participationLimit } = known;
  const share = (domainConflict + participationLimit) / decisions;
  const message =
    `${percent(share)} of ${decisions} decisions were kept out: ${participationLimit} by participation limits, ` +
    `${domainConflict} by conflict domains. It happens before a variant is given, so it is the same for all of them.`;
  const facts = { decisions, participation_limit: participationLimit, domain_conflict: domainConflict, share };
  return { check, light: share > MANY_EXCLUDED ? "amber" : "green", message, facts };
}
