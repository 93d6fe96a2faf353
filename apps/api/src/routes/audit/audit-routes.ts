import { presentVerdict, readAuditExportQuery, readAuditQuery, readAuditVerifyQuery } from "@lotty/contracts";
import { chainEntries, verifyChain } from "@lotty/control-plane";
import type { Logger } from "@lotty/domain";
import { jsonAnswer } from "../../http/answer.ts";
import type { Route } from "../../routing/route.ts";
import type { ControlParts } from "../control/api-control.ts";
import { looking } from "../control/looking.ts";
import { EXPORT_AUDIT_OPERATION, LIST_AUDIT_OPERATION, VERIFY_AUDIT_OPERATION } from "./audit-operations.ts";
import { exportAudit } from "./export-audit.ts";
import { listAudit } from "./list-audit.ts";

const PATH = "/v1/audit";

/** The record of all changes; for admins and approvers. */
export function auditRoutes({ control, logger }: ControlParts & { readonly logger: Logger }): readonly Route[] {
  const access = { kind: "scope", scope: "read", role: "approver", everywhere: true } as const;
  return [
    {
      method: "GET",
      path: PATH,
      access,
      operation: LIST_AUDIT_OPERATION,
      handler: looking(readAuditQuery, (query, asked) => listAudit(query, asked, control())),
    },
    {
      method: "GET",
      path: `${PATH}/export`,
      access,
      operation: EXPORT_AUDIT_OPERATION,
      handler: looking(readAuditExportQuery, (query, { caller }) =>
        exportAudit(query, { caller, logger, store: control().store }),
      ),
    },
    {
      method: "GET",
      path: `${PATH}/verify`,
      access,
      operation: VERIFY_AUDIT_OPERATION,
      handler: looking(readAuditVerifyQuery, async ({ hash, sequence }) => {
        const { store } = control();
        const bounds = hash === undefined || sequence === undefined ? {} : { head: { sequence, hash } };
        return jsonAnswer(presentVerdict(await verifyChain(chainEntries(store), bounds)));
      }),
    },
  ];
}
