import {
  type DomainMemberRequest,
  presentApproverGroup,
  presentConflictDomain,
  presentOverlap,
  presentSegment,
  readApproverGroup,
  readDomainEdit,
  readNewDomain,
  readNewSegment,
  readSegmentEdit,
} from "@lotty/contracts";
import type { DomainMember } from "@lotty/domain";
import type { ApproverGroupSource, DomainSource, SegmentSource } from "./control-source.ts";
import { done, expecting, given, type LocalControl, nothingThere } from "./local-control.ts";

/** Segments in a database. */
export function localSegments({ command, segments, store }: LocalControl): SegmentSource {
  return {
    list: async () => (await store.load(command.environmentId)).segments.map(presentSegment),
    create: async (body) => presentSegment(await done(segments.create({ ...command, ...given(readNewSegment(body)) }))),
    edit: async (segmentId, expectedVersion, body) => {
      const { rule } = given(readSegmentEdit(body));
      return presentSegment(await done(segments.edit({ ...command, segmentId, expectedVersion, rule })));
    },
    remove: async (segmentId, version) => {
      await done(segments.remove({ ...command, segmentId, ...expecting(version) }));
    },
  };
}

/** Conflict domains in a database. */
export function localDomains({ command, domains, store }: LocalControl): DomainSource {
  return {
    list: async () => (await store.load(command.environmentId)).domains.map(presentConflictDomain),
    create: async (body) => {
      const { key, members } = given(readNewDomain(body));
      return presentConflictDomain(await done(domains.create({ ...command, key, members: members.map(memberOf) })));
    },
    edit: async (domainId, body) => {
      const { key, members } = given(readDomainEdit(body));
      const edit = {
        ...(key !== undefined && { key }),
        ...(members !== undefined && { members: members.map(memberOf) }),
      };
      return presentConflictDomain(await done(domains.edit({ ...command, domainId, edit })));
    },
    remove: async (domainId) => {
      await done(domains.remove({ ...command, domainId }));
    },
    overlap: async (domainId, days) => {
      const configuration = await store.load(command.environmentId);
      const domain = configuration.domains.find(({ id }) => id === domainId);
      if (domain === undefined) throw nothingThere();
      return presentOverlap(await done(domains.overlap({ ...command, days })), domain);
    },
  };
}

function memberOf({ experiment_id: experimentId, priority }: DomainMemberRequest): DomainMember {
  return { experimentId, priority };
}

/** Approver groups in a database. */
export function localGroups({ command, groups, store }: LocalControl): ApproverGroupSource {
  return {
    list: async () => (await store.approverGroups(command.environmentId)).map(presentApproverGroup),
    put: async (id, body) => {
      const group = { ...given(readApproverGroup(body)), ...(id !== undefined && { id }) };
      return presentApproverGroup(await done(groups.put({ ...command, group })));
    },
    remove: async (groupId) => {
      await done(groups.remove({ ...command, groupId }));
    },
  };
}
