import {
  experimentEditOf,
  type Operation,
  type Read,
  readApplyEdit,
  readApproval,
  readCompletion,
  readExperimentEdit,
  readObjection,
  readPlainAction,
  readRollback,
} from "@lotty/contracts";
import type { CommandResult, ExperimentControl, ExperimentResult } from "@lotty/control-plane";
import type { Role } from "@lotty/domain";
import type { Route } from "../../routing/route.ts";
import type { ControlParts } from "../control/api-control.ts";
import { change, naming, type VersionedCommand } from "../control/changing.ts";
import type { VersionRule } from "../control/if-match.ts";
import { withId } from "../control/looking.ts";
import { ACTION_OPERATIONS } from "./action-operations.ts";
import { experimentAnswer } from "./experiment-answer.ts";

/** What an action takes and does. */
interface Action<Body> {
  readonly operation: Operation;
  readonly role: Role;
  readonly version: VersionRule;
  readonly read: (body: unknown) => Read<Body>;
  readonly run: (
    control: ExperimentControl,
    command: VersionedCommand & { readonly experimentId: string },
    body: Body,
  ) => Promise<CommandResult<ExperimentResult>>;
}

/** What can be done with an experiment: `POST /v1/experiments/{experiment_id}/<action>`. */
export function actionRoutes(parts: ControlParts): readonly Route[] {
  return [...authoringRoutes(parts), ...reviewingRoutes(parts), ...runningRoutes(parts)];
}

function authoringRoutes(parts: ControlParts): readonly Route[] {
  return [
    actionRoute("edit", parts, {
      operation: ACTION_OPERATIONS.edit,
      role: "experimenter",
      version: "named",
      read: readExperimentEdit,
      run: (control, { experimentId, ...command }, body) =>
        control.edit({ ...naming(command), experimentId, edit: experimentEditOf(body) }),
    }),
    actionRoute("submit", parts, {
      operation: ACTION_OPERATIONS.submit,
      role: "experimenter",
      version: "any",
      read: readPlainAction,
      run: (control, command) => control.submit(command),
    }),
  ];
}

function reviewingRoutes(parts: ControlParts): readonly Route[] {
  return [
    actionRoute("approve", parts, {
      operation: ACTION_OPERATIONS.approve,
      role: "approver",
      version: "named",
      read: readApproval,
      run: (control, { experimentId, ...command }, { comment }) =>
        control.approve({ ...naming(command), experimentId, comment }),
    }),
    actionRoute("request-changes", parts, {
      operation: ACTION_OPERATIONS.requestChanges,
      role: "approver",
      version: "named",
      read: readObjection,
      run: (control, { experimentId, ...command }, { comment }) =>
        control.requestChanges({ ...naming(command), experimentId, comment }),
    }),
    actionRoute("reject", parts, {
      operation: ACTION_OPERATIONS.reject,
      role: "approver",
      version: "named",
      read: readObjection,
      run: (control, { experimentId, ...command }, { comment }) =>
        control.reject({ ...naming(command), experimentId, comment }),
    }),
    actionRoute("withdraw-approval", parts, {
      operation: ACTION_OPERATIONS.withdrawApproval,
      role: "approver",
      version: "any",
      read: readPlainAction,
      run: (control, command) => control.withdrawApproval(command),
    }),
  ];
}

function runningRoutes(parts: ControlParts): readonly Route[] {
  const plain = { role: "experimenter", version: "any", read: readPlainAction } as const;
  return [
    actionRoute("start", parts, {
      ...plain,
      operation: ACTION_OPERATIONS.start,
      run: (control, command) => control.start(command),
    }),
    actionRoute("pause", parts, {
      ...plain,
      operation: ACTION_OPERATIONS.pause,
      // Several roles may pause; the control plane knows which.
      role: "viewer",
      version: "optional",
      run: (control, command) => control.pause(command),
    }),
    actionRoute("rollback", parts, {
      operation: ACTION_OPERATIONS.rollback,
      role: "viewer",
      version: "optional",
      read: readRollback,
      run: (control, command, { reason }) => control.rollback({ ...command, reason }),
    }),
    actionRoute("resume", parts, {
      ...plain,
      operation: ACTION_OPERATIONS.resume,
      run: (control, command) => control.resume(command),
    }),
    actionRoute("apply-edit", parts, {
      ...plain,
      operation: ACTION_OPERATIONS.applyEdit,
      read: readApplyEdit,
      run: (control, command, { confirm }) => control.applyEdit({ ...command, confirm }),
    }),
    actionRoute("complete", parts, {
      ...plain,
      operation: ACTION_OPERATIONS.complete,
      read: readCompletion,
      run: (control, command, { comment, outcome: kind, variant }) =>
        control.complete({ ...command, outcome: { kind, comment, ...(variant !== undefined && { variant }) } }),
    }),
    actionRoute("archive", parts, {
      ...plain,
      operation: ACTION_OPERATIONS.archive,
      run: (control, command) => control.archive(command),
    }),
  ];
}

function actionRoute<Body>(name: string, parts: ControlParts, action: Action<Body>): Route {
  const { operation, read, role, run, version } = action;
  return {
    method: "POST",
    path: `/v1/experiments/:experiment_id/${name}`,
    access: { kind: "scope", scope: "manage", role },
    operation,
    handler: withId("experiment_id", (experimentId, asked) =>
      change(asked, parts, {
        version,
        read,
        run: (command, body) => run(parts.control().experiments, { ...command, experimentId }, body),
        answer: experimentAnswer,
      }),
    ),
  };
}
