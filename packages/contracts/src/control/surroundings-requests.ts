import { z } from "zod";
import { type Read, readWith } from "../read-request.ts";
import { AN_OBJECT, idField, listOf, nameField, textField, wholeField } from "./control-fields.ts";

/** Body of `POST /v1/segments`. */
export interface NewSegmentRequest {
  readonly key: string;
  readonly rule: string;
}

/** Schema of {@link NewSegmentRequest}. */
export const newSegmentSchema: z.ZodType<NewSegmentRequest> = z
  .strictObject({ key: nameField, rule: textField }, AN_OBJECT)
  .meta({ id: "NewSegment" });

/** Body of `PATCH /v1/segments/{segment_id}`. */
export type SegmentEditRequest = Pick<NewSegmentRequest, "rule">;

/** Schema of {@link SegmentEditRequest}. */
export const segmentEditSchema: z.ZodType<SegmentEditRequest> = z
  .strictObject({ rule: textField }, AN_OBJECT)
  .meta({ id: "SegmentEdit" });

/** An experiment's place in a conflict domain. */
export interface DomainMemberRequest {
  readonly experiment_id: string;
  readonly priority: number;
}

/** Body of `POST /v1/domains`. */
export interface NewDomainRequest {
  readonly key: string;
  readonly members: readonly DomainMemberRequest[];
}

const membersField = listOf(z.strictObject({ experiment_id: idField, priority: wholeField }, AN_OBJECT));

/** Schema of {@link NewDomainRequest}. */
export const newDomainSchema: z.ZodType<NewDomainRequest> = z
  .strictObject({ key: nameField, members: membersField.default([]) }, AN_OBJECT)
  .meta({ id: "NewDomain" });

/** Body of `PATCH /v1/domains/{domain_id}`. Members are given whole. */
export interface DomainEditRequest {
  readonly key?: string;
  readonly members?: readonly DomainMemberRequest[];
}

/** Schema of {@link DomainEditRequest}. */
export const domainEditSchema: z.ZodType<DomainEditRequest> = z
  .strictObject({ key: nameField.exactOptional(), members: membersField.exactOptional() }, AN_OBJECT)
  .meta({ id: "DomainEdit" });

/** Body of `POST` and `PUT` of approver groups. */
export interface ApproverGroupRequest {
  readonly name: string;
  readonly experimenters: readonly string[];
  readonly approvers: readonly string[];
  readonly minimum: number;
}

/** Schema of {@link ApproverGroupRequest}. */
export const newApproverGroupSchema: z.ZodType<ApproverGroupRequest> = z
  .strictObject(
    { name: nameField, experimenters: listOf(idField), approvers: listOf(idField), minimum: wholeField },
    AN_OBJECT,
  )
  .meta({ id: "NewApproverGroup" });

/** Reads the body of `POST /v1/segments`. */
export function readNewSegment(body: unknown): Read<NewSegmentRequest> {
  return readWith(newSegmentSchema, body);
}

/** Reads the body of `PATCH /v1/segments/{segment_id}`. */
export function readSegmentEdit(body: unknown): Read<SegmentEditRequest> {
  return readWith(segmentEditSchema, body);
}

/** Reads the body of `POST /v1/domains`. */
export function readNewDomain(body: unknown): Read<NewDomainRequest> {
  return readWith(newDomainSchema, body);
}

/** Reads the body of `PATCH /v1/domains/{domain_id}`. */
export function readDomainEdit(body: unknown): Read<DomainEditRequest> {
  return readWith(domainEditSchema, body);
}

/** Reads an approver group. */
export function readApproverGroup(body: unknown): Read<ApproverGroupRequest> {
  return readWith(newApproverGroupSchema, body);
}
