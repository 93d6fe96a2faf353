import { idSchema, type Operation } from "@lotty/contracts";
import { certificateSchema, presentCertificate } from "@lotty/contracts/certificate";
import { jsonAnswer } from "../../http/answer.ts";
import type { Route } from "../../routing/route.ts";
import type { ControlParts } from "../control/api-control.ts";
import { environmentOf, questionOf } from "../control/asked-by.ts";
import { answerOf } from "../control/changing.ts";
import { nothingThere, withId } from "../control/looking.ts";

const FIND_CERTIFICATE_OPERATION: Operation = {
  id: "findLaunchCertificate",
  summary: "Look at an experiment's launch certificate",
  description:
    "Whether its randomization can be trusted, with the numbers. Computed in the background once it is submitted, and again when what is reviewed has changed; 404 until then.",
  tags: ["Experiments"],
  parameters: [
    { name: "experiment_id", in: "path", description: "Id of the experiment.", required: true, schema: idSchema },
  ],
  answers: { 200: { description: "The certificate that was computed last.", schema: certificateSchema } },
};

/** Launch certificates of experiments. */
export function certificateRoutes({ control }: ControlParts): readonly Route[] {
  return [
    {
      method: "GET",
      path: "/v1/experiments/:experiment_id/certificate",
      access: { kind: "scope", scope: "read", role: "viewer" },
      operation: FIND_CERTIFICATE_OPERATION,
      handler: withId("experiment_id", async (experimentId, asked) => {
        const { certificates, experiments } = control();
        const standing = await experiments.standing({ ...questionOf(asked), experimentId });
        const certificate = await certificates.latest(environmentOf(asked), experimentId);
        if (certificate === undefined) return nothingThere(asked.requestId);
        return answerOf(
          standing,
          ({ details }) =>
            jsonAnswer(presentCertificate(certificate, certificate.contentVersion === details.contentVersion)),
          asked.requestId,
        );
      }),
    },
  ];
}
