import type { Gate } from '../broker/gate.ts';
import type { Changes } from '../changes.ts';
import type { Clock } from '../clock.ts';
import type { Store } from '../database/open.ts';
import type { areaRoutes } from '../http/contract/areas.ts';
import type { Handlers } from '../http/handlers.ts';
import { addArea, areaById, changeArea, devicesWithin, listAreas, removeArea } from './areas.ts';
import { addGroup, changeGroup, groupById, listGroups, removeGroup } from './groups.ts';
import { admissions } from './membership.ts';

export interface AreaHandlersDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly changes: Changes;
  readonly gate: Gate;
  readonly desired: { refresh(devices: Iterable<string>): void | Promise<void> };
}

/** Areas and groups: where devices are, and what they listen to together. */
export function areaHandlers(deps: AreaHandlersDeps): Handlers<typeof areaRoutes> {
  const { store, clock, changes } = deps;
  return {
    'GET /areas': async () => listAreas(store),
    'POST /areas': async ({ body }) => {
      const id = addArea(store, body, clock.now());
      changes.announce('area', id);
      return areaById(store, id);
    },
    'PATCH /areas/{id}': async ({ params: { id }, body }) => {
      changeArea(store, id, body);
      // Its devices hear other groups now, and other schedules reach them.
      if (body.parentId !== undefined) regroup(deps, devicesWithin(store, id));
      changes.announce('area', id);
      return areaById(store, id);
    },
    'DELETE /areas/{id}': async ({ params: { id } }) => {
      removeArea(store, id, clock.now());
      changes.announce('area', id);
      return {};
    },
    'GET /groups': async () => listGroups(store),
    'POST /groups': async ({ body }) => {
      const id = addGroup(store, body, clock.now());
      regroup(deps, body.devices);
      changes.announce('group', id);
      return groupById(store, id);
    },
    'PATCH /groups/{id}': async ({ params: { id }, body }) => {
      const devices = changeGroup(store, id, body);
      if (body.devices !== undefined) regroup(deps, devices);
      changes.announce('group', id);
      return groupById(store, id);
    },
    'DELETE /groups/{id}': async ({ params: { id } }) => {
      regroup(deps, removeGroup(store, id, clock.now()));
      changes.announce('group', id);
      return {};
    },
  };
}

/** The broker must allow what the desired document will tell the device to hear, so it is told first. */
export function regroup(
  { store, gate, desired }: Pick<AreaHandlersDeps, 'store' | 'gate' | 'desired'>,
  devices: readonly string[],
): void {
  if (devices.length === 0) return;
  gate.admit(admissions(store, devices));
  void desired.refresh(devices);
}
