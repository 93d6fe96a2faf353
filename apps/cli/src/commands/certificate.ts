import type { Command } from "commander";
import { experimentNamed } from "../control/named.ts";
import { renderCertificate } from "../control/render-certificate.ts";
import { withControl } from "../control/with-control.ts";
import { EXIT_CODES } from "../exit-code.ts";
import type { PlaceOptions } from "../profiles/api-options.ts";
import type { CommandContext } from "./command-context.ts";
import { addControlOptions } from "./control-options.ts";
import { noneYet } from "./none-yet.ts";
import { show } from "./show.ts";

const EXAMPLES = `
Examples:
  $ lotty certificate summer
  $ lotty certificate summer --json

A certificate is computed in the background once the experiment is submitted; until then there is none, and this ends with 3.
It ends with 1 when a check has failed, or when the experiment has changed since.`;

/** `lotty certificate`: whether an experiment's randomization can be trusted. */
export function addCertificateCommand(program: Command, { end, terminal }: CommandContext): void {
  addControlOptions(
    program
      .command("certificate")
      .summary("show whether an experiment's randomization can be trusted")
      .description("Show the launch certificate of an experiment.")
      .addHelpText("after", EXAMPLES),
  )
    .argument("<experiment>", "key or id")
    .action(async (name: string, options: PlaceOptions) => {
      const certificate = await withControl(terminal, options, async (source) => {
        const { id } = await experimentNamed(source, name);
        return source.experiments.certificate(id).catch(NO_CERTIFICATE);
      });
      await show(terminal, options, { json: certificate, text: (paint) => renderCertificate(certificate, paint) });
      if (certificate.verdict === "failed" || !certificate.current) end(EXIT_CODES.findings);
    });
}

const NO_CERTIFICATE = noneYet(
  "launch certificate",
  "Submit the experiment; the server then computes one in the background.",
);
