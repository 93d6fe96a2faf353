import type { LaunchCertificate } from "@lotty/domain";
import { refused, type Command, type CommandResult, type ControlPorts } from "./command.ts";
import { experimentNotFound, situationOf, versionMismatch } from "./experiment-command.ts";
import { runCommand } from "./run-command.ts";

/**
 * Keeps a certificate that was computed for an experiment, puts it on record and announces it. Refused when the experiment has changed
 * meanwhile, so that it would be of something else.
 */
export function keepCertificate(
  ports: ControlPorts,
  command: Command & { readonly certificate: LaunchCertificate },
): Promise<CommandResult<LaunchCertificate>> {
  const { certificate, environmentId } = command;
  const { checks, contentVersion, experimentId, verdict } = certificate;
  return runCommand(ports, { ...command, permission: "experiment.edit" }, async (ground) => {
    const situation = await situationOf(ports, { environmentId, experimentId }, ground);
    if (situation === undefined) return refused(experimentNotFound(experimentId));
    const mismatch = versionMismatch(situation.details.contentVersion, contentVersion);
    if (mismatch !== undefined) return refused(mismatch);
    const { id, key } = situation.experiment;
    const failed = checks.filter((check) => check.verdict === "failed").map(({ message }) => message);
    const says =
      failed.length === 0
        ? "has passed its launch certificate."
        : `has failed its launch certificate: ${failed.join(" ")}`;
    return {
      status: "planned",
      change: { putCertificates: [certificate] },
      announcements: [
        {
          kind: verdict === "passed" ? "certificate.passed" : "certificate.failed",
          experiment: { id, key },
          tags: situation.flagDetails?.tags ?? [],
          summary: `${key} ${says}`,
          facts: { verdict, content_version: contentVersion, failed },
        },
      ],
      audit: [
        { action: "experiment.certify", entity: { kind: "experiment", id, key }, before: null, after: { certificate } },
      ],
      result: certificate,
    };
  });
}
