import type { ExperimentStanding } from "@lotty/control-plane";
import type { LaunchCertificate, Review } from "@lotty/domain";
import { z } from "zod";
import { certificateSchema, presentCertificate, type CertificateResponse } from "../certificate/present-certificate.ts";
import { reviewStateSchema, type ReviewStateResponse } from "./control-answers.ts";
import type { ReviewResponse } from "./control-records.ts";
import { reviewSchema } from "./control-schemas.ts";
import { presentReview } from "./present-control.ts";
import { presentReviewState } from "./present-review-state.ts";

/** What was said about an experiment, what is missing, and whether its randomization can be trusted. */
export interface ReviewsResponse {
  readonly state: ReviewStateResponse;
  readonly reviews: readonly ReviewResponse[];
  /** The launch certificate that was computed last; `null` until there is one. */
  readonly certificate: CertificateResponse | null;
}

/** Schema of {@link ReviewsResponse}. */
export const reviewsSchema: z.ZodType<ReviewsResponse> = z
  .strictObject({
    state: reviewStateSchema,
    reviews: z.array(reviewSchema),
    certificate: certificateSchema
      .nullable()
      .meta({ description: "The launch certificate that was computed last; null until there is one." }),
  })
  .meta({ id: "Reviews" });

/** Reviews of an experiment for the wire, with the certificate that reviewers decide by. */
export function presentReviews(
  { details, review }: Pick<ExperimentStanding, "details" | "review">,
  reviews: readonly Review[],
  certificate: LaunchCertificate | undefined,
): ReviewsResponse {
  return {
    state: presentReviewState(review),
    reviews: reviews.map(presentReview),
    certificate:
      certificate === undefined
        ? null
        : presentCertificate(certificate, certificate.contentVersion === details.contentVersion),
  };
}
