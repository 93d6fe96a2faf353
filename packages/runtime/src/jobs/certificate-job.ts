import { setImmediate as breathe } from "node:timers/promises";
import { certify, type CertificateQuestion, type MetricPast } from "@lotty/certificate";
import { keepCertificate, planHash, ValueSchemas, type ControlPorts } from "@lotty/control-plane";
import {
  MICROS_PER_DAY,
  systemActor,
  type AnalysisPlan,
  type LaunchCertificate,
  type MetricHistory,
} from "@lotty/domain";
import type { Runtime } from "../composition/runtime.ts";
import type { Job, JobYield } from "./job.ts";

/** What the job needs of a runtime. */
export type CertificateParts = Pick<Runtime, "clock" | "config" | "ids" | "logger" | "storage">;

/** How far back recorded subjects and their metrics are looked at. */
const PAST_DAYS = 28;

/** Most recorded subjects that are looked at. */
const MAX_SUBJECTS = 20_000;

/**
 * Computes launch certificates of experiments that are in review or approved, one after the other. In pauses between slices of some
 * milliseconds the process does everything else.
 *
 * @param history of metrics; `null` where nobody measures the past: then nothing is split
 */
export function certificateJob(parts: CertificateParts, history: MetricHistory | null): Job {
  return {
    name: "launch_certificates",
    everySeconds: 15,
    exclusive: true,
    run: (signal) => certifyNext(parts, history, signal),
  };
}

async function certifyNext(
  parts: CertificateParts,
  history: MetricHistory | null,
  signal: AbortSignal,
): Promise<JobYield> {
  const { clock, config, ids, logger, storage } = parts;
  const [waiting] = await storage.control.certificates.missing(1);
  if (waiting === undefined) return "done";
  const question = await questionOf(parts, history, waiting);
  if (question === undefined) return "done";
  const found = await inSlices(question, signal);
  if (found === undefined) return "done";
  const certificate: LaunchCertificate = { ...found, computedAt: clock.now() };
  const ports: ControlPorts = { ...storage.control, clock, ids, schemas: new ValueSchemas(), settings: config.control };
  const actor = systemActor("launch certificates");
  const kept = await keepCertificate(ports, { environmentId: waiting.environmentId, actor, certificate });
  logger.info("launch_certificate", {
    experiment: question.experiment.key,
    verdict: certificate.verdict,
    kept: kept.status === "done",
  });
  return "more";
}

/** Drives the computation; `undefined` when it has to end before it is done. */
async function inSlices(
  question: CertificateQuestion,
  signal: AbortSignal,
): Promise<Omit<LaunchCertificate, "computedAt"> | undefined> {
  const work = certify(question);
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
    await breathe();
    if (signal.aborted) return undefined;
  }
}

interface Waiting {
  readonly environmentId: string;
  readonly experimentId: string;
}

async function questionOf(
  { clock, storage }: CertificateParts,
  history: MetricHistory | null,
  { environmentId, experimentId }: Waiting,
): Promise<CertificateQuestion | undefined> {
  const { control } = storage;
  const { experiments, flags } = await control.store.load(environmentId);
  const experiment = experiments.find(({ id }) => id === experimentId);
  if (experiment === undefined) return undefined;
  const [details, plan] = await Promise.all([
    control.store.experimentDetails(environmentId, experimentId),
    control.plans.find(environmentId, experimentId),
  ]);
  const now = clock.now();
  const span = { from: now - PAST_DAYS * MICROS_PER_DAY, to: now, limit: MAX_SUBJECTS };
  const metrics =
    history === null || plan === undefined ? [] : await pastOf(storage, history, { plan, environmentId, span });
  const flagKey = flags.find(({ id }) => id === experiment.flagId)?.key ?? "";
  const recorded: string[] = [];
  for await (const { subject } of control.subjects.of({ environmentId, flagKey, since: span.from })) {
    recorded.push(subject.id);
    if (recorded.length >= MAX_SUBJECTS) break;
  }
  return {
    experiment,
    contentVersion: details?.contentVersion ?? experiment.version,
    plan,
    planHash: plan === undefined ? null : planHash(plan),
    running: experiments.filter(({ id, status }) => status === "running" && id !== experimentId),
    recorded,
    metrics,
  };
}

async function pastOf(
  { control }: CertificateParts["storage"],
  history: MetricHistory,
  {
    environmentId,
    plan,
    span,
  }: {
    readonly environmentId: string;
    readonly plan: AnalysisPlan;
    readonly span: Parameters<MetricHistory["values"]>[1];
  },
): Promise<readonly MetricPast[]> {
  const planned = new Map(
    [...plan.primary, ...plan.secondary, ...plan.guardrails].map((each) => [each.metricId, each]),
  );
  const pasts: MetricPast[] = [];
  for (const { metricId, metricVersion } of planned.values()) {
    const metric = await control.metrics.find(environmentId, metricId, metricVersion);
    if (metric !== undefined) pasts.push({ metric, values: await history.values(metric, span) });
  }
  return pasts;
}
