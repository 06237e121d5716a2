import { useQuery } from '@tanstack/react-query';
import type { Area, Group } from '#controller/http/contract/areas';
import type { DeviceSummary } from '#controller/http/contract/devices';
import type { Target } from '#controller/http/contract/schedules';
import { ask } from '../../api/ask.ts';

export const targetOf = (reference: string): Target => {
  const [kind, id = ''] = reference.split(':');
  return { kind: kind === 'group' || kind === 'area' || kind === 'device' ? kind : 'all', id };
};

export interface Reach {
  readonly devices: readonly DeviceSummary[];
  /** Of them, those that have a connection now. */
  readonly connected: number;
}

const hasLink = ({ status }: DeviceSummary) =>
  status === 'online' || status === 'stale' || status === 'fault';

/** Whom targets reach: device, group, area with everything below it, all. The controller decides again. */
export function reached(
  targets: readonly Target[],
  devices: readonly DeviceSummary[],
  areas: readonly Area[],
  groups: readonly Group[],
): Reach {
  const wanted = { device: new Set<string>(), group: new Set<string>(), area: new Set<string>(), all: false };
  for (const { kind, id } of targets) {
    if (kind === 'all') wanted.all = true;
    else wanted[kind].add(id);
  }
  // Parents come before their children.
  for (const { id, parentId } of areas)
    if (parentId !== null && wanted.area.has(parentId)) wanted.area.add(id);
  for (const { id, devices: members } of groups)
    if (wanted.group.has(id)) for (const member of members) wanted.device.add(member);
  const found = devices.filter(
    ({ id, areaId }) => wanted.all || wanted.device.has(id) || (areaId !== null && wanted.area.has(areaId)),
  );
  return { devices: found, connected: found.filter(hasLink).length };
}

/** @returns undefined until it is known which devices, areas and groups there are. */
export function useReach(references: readonly string[]): Reach | undefined {
  const devices = useQuery(ask('GET /devices', { query: { limit: 10_000 } })).data;
  const areas = useQuery(ask('GET /areas')).data;
  const groups = useQuery(ask('GET /groups')).data;
  if (devices === undefined || areas === undefined || groups === undefined) return undefined;
  return reached(references.map(targetOf), devices.items, areas, groups);
}
