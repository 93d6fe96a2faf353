import {
  draftOf,
  experimentEditOf,
  type ExperimentResponse,
  isWantedExperiment,
  presentExperiment,
  presentExperimentSummary,
  presentFinding,
  presentPreview,
  presentReviews,
  readApplyEdit,
  readApproval,
  readCompletion,
  readExperimentEdit,
  readExperimentsQuery,
  readNewExperiment,
  readObjection,
} from "@lotty/contracts";
import { presentCertificate } from "@lotty/contracts/certificate";
import {
  allowedActions,
  type CommandResult,
  type ExperimentCommand,
  type ExperimentControl,
  type ExperimentResult,
} from "@lotty/control-plane";
import { LottyError } from "@lotty/domain";
import { byId } from "./by-id.ts";
import type { ExperimentAction, ExperimentSource } from "./control-source.ts";
import { done, expecting, given, type LocalControl, nothingThere } from "./local-control.ts";

/** Experiments in a database. */
export function localExperiments({ certificates, command, experiments, store }: LocalControl): ExperimentSource {
  const { environmentId } = command;
  return {
    list: async (filter) => {
      const query = given(readExperimentsQuery(new URLSearchParams({ ...filter })));
      const configuration = await store.load(environmentId);
      return configuration.experiments
        .filter((experiment) => isWantedExperiment(query, experiment))
        .toSorted(byId)
        .map(presentExperimentSummary);
    },
    find: async (experimentId) => presented(await done(experiments.standing({ ...command, experimentId }))),
    create: (body) => shown(experiments.create({ ...command, fields: draftOf(given(readNewExperiment(body))) })),
    edit: (experimentId, expectedVersion, body) => {
      const edit = experimentEditOf(given(readExperimentEdit(body)));
      return shown(experiments.edit({ ...command, experimentId, expectedVersion, edit }));
    },
    preview: async (experimentId, body) => {
      const edit = experimentEditOf(given(readExperimentEdit(body)));
      return presentPreview(await done(experiments.preview({ ...command, experimentId, edit })));
    },
    launchGate: async (experimentId) => {
      const { findings } = await done(experiments.standing({ ...command, experimentId }));
      return { open: findings.every(({ severity }) => severity === "warns"), findings: findings.map(presentFinding) };
    },
    certificate: async (experimentId) => {
      const { details } = await done(experiments.standing({ ...command, experimentId }));
      const certificate = await certificates.latest(environmentId, experimentId);
      if (certificate === undefined) throw nothingThere();
      return presentCertificate(certificate, certificate.contentVersion === details.contentVersion);
    },
    reviews: async (experimentId) => {
      const [reviews, certificate, standing] = await Promise.all([
        store.reviews(environmentId, experimentId),
        certificates.latest(environmentId, experimentId),
        done(experiments.standing({ ...command, experimentId })),
      ]);
      return presentReviews(standing, reviews, certificate);
    },
    act: (experimentId, action, { body = {}, version }) =>
      shown(ACTIONS[action](experiments, { ...command, experimentId, ...expecting(version) }, body)),
    remove: async (experimentId, version) => {
      await done(experiments.remove({ ...command, experimentId, ...expecting(version) }));
    },
  };
}

type Act = (
  control: ExperimentControl,
  command: ExperimentCommand,
  body: object,
) => Promise<CommandResult<ExperimentResult>>;

const ACTIONS: Readonly<Record<ExperimentAction, Act>> = {
  submit: (control, command) => control.submit(command),
  approve: (control, command, body) => control.approve({ ...judging(command), ...given(readApproval(body)) }),
  "request-changes": (control, command, body) =>
    control.requestChanges({ ...judging(command), ...given(readObjection(body)) }),
  reject: (control, command, body) => control.reject({ ...judging(command), ...given(readObjection(body)) }),
  "withdraw-approval": (control, command) => control.withdrawApproval(command),
  start: (control, command) => control.start(command),
  pause: (control, command) => control.pause(command),
  resume: (control, command) => control.resume(command),
  "apply-edit": (control, command, body) => control.applyEdit({ ...command, ...given(readApplyEdit(body)) }),
  complete: (control, command, body) => {
    const { comment, outcome: kind, variant } = given(readCompletion(body));
    return control.complete({ ...command, outcome: { kind, comment, ...(variant !== undefined && { variant }) } });
  },
  archive: (control, command) => control.archive(command),
};

/** Whoever judges says which version they have seen. */
function judging(command: ExperimentCommand): ExperimentCommand & { readonly expectedVersion: number } {
  const { expectedVersion } = command;
  if (expectedVersion === undefined) throw new LottyError("internal", "A judgement without a version");
  return { ...command, expectedVersion };
}

async function shown(outcome: Promise<CommandResult<ExperimentResult>>): Promise<ExperimentResponse> {
  return presented(await done(outcome));
}

function presented({ details, experiment, warnings }: ExperimentResult): ExperimentResponse {
  const allowed = allowedActions(experiment.status);
  return presentExperiment({ experiment, details, allowed, warnings: warnings.map(presentFinding) });
}
