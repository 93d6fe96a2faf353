import type { EditPreview, Landing } from "@lotty/control-plane";
import type { LandingResponse, PreviewResponse } from "./control-answers.ts";

/** Who would move, for the wire. */
export function presentPreview({ cells, moved, subjects }: EditPreview): PreviewResponse {
  return {
    subjects,
    moved,
    cells: cells.map((cell) => ({
      from: presentLanding(cell.from),
      to: presentLanding(cell.to),
      moves: cell.moves,
      subjects: cell.subjects,
      samples: cell.samples,
    })),
  };
}

function presentLanding({ reason, value, variantId, variantName }: Landing): LandingResponse {
  return { reason, variant_id: variantId, variant_name: variantName, value };
}
