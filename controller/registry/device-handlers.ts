import type { Logger } from 'pino';
import type { BlobStore } from '../blobs/store.ts';
import type { Clock } from '../clock.ts';
import { notFound } from '../failure.ts';
import type { deviceRoutes } from '../http/contract/devices.ts';
import type { Handlers } from '../http/handlers.ts';
import type { Link } from '../link/link.ts';
import { type AreaHandlersDeps, regroup } from './area-handlers.ts';
import type { Commands } from './commands.ts';
import { changeDevice, restoreDevice, retireDevice } from './device-changes.ts';
import { deviceDetail, planOf, refusalsOf } from './device-detail.ts';
import { deviceLine, listDevices } from './device-list.ts';
import { heartbeatSeries } from './heartbeat-series.ts';
import { admissions } from './membership.ts';
import type { Pairing } from './pairing.ts';
import type { Watch } from './watch.ts';

export interface DeviceHandlersDeps extends AreaHandlersDeps {
  readonly clock: Clock;
  readonly log: Logger;
  readonly blobs: BlobStore;
  readonly commands: Commands;
  readonly pairing: Pairing;
  readonly registry: { readonly watch: Watch };
  readonly link: Pick<Link, 'clearDesired'>;
  readonly desired: AreaHandlersDeps['desired'] & { publish(device: string): Promise<void> };
}

/** Devices, their commands and pictures, and those that wait to be let in. */
export function deviceHandlers(deps: DeviceHandlersDeps): Handlers<typeof deviceRoutes> {
  const { store, clock, changes, log, blobs, commands, pairing, registry, gate, link, desired } = deps;
  const { watch } = registry;
  const mustKnow = (id: string): void => {
    if (deviceLine(store, id) === undefined) throw notFound('device', id);
  };
  return {
    'GET /devices': async ({ query }) => listDevices(store, query),
    'GET /devices/{id}': async ({ params: { id } }) => deviceDetail(store, id),
    'PATCH /devices/{id}': async ({ params: { id }, body, caller }) => {
      changeDevice(store, id, body);
      regroup(deps, [id]);
      log.info(
        { audit: 'device-changed', device: id, by: caller.name, fields: Object.keys(body) },
        'changed',
      );
      changes.announce('device', id);
      return deviceDetail(store, id);
    },
    'DELETE /devices/{id}': async ({ params: { id }, caller }) => {
      retireDevice(store, id, clock.now());
      watch.forget(id);
      gate.expel(id);
      void link.clearDesired(id);
      log.info({ audit: 'device-retired', device: id, by: caller.name }, 'retired');
      changes.announce('device', id);
      return {};
    },
    'POST /devices/{id}/restore': async ({ params: { id }, caller }) => {
      restoreDevice(store, id);
      watch.add(id);
      gate.admit(admissions(store, [id]));
      void desired.publish(id);
      log.info({ audit: 'device-restored', device: id, by: caller.name }, 'restored');
      changes.announce('device', id);
      return deviceDetail(store, id);
    },
    'GET /devices/{id}/heartbeats': async ({ params: { id }, query: { from, to } }) => {
      mustKnow(id);
      return heartbeatSeries(store, { device: id, from, to, now: clock.now() });
    },
    'GET /devices/{id}/refusals': async ({ params: { id } }) => {
      mustKnow(id);
      return refusalsOf(store, id);
    },
    'GET /devices/{id}/plan': async ({ params: { id }, query }) => planOf(store, id, query),
    'GET /devices/{id}/commands': async ({ params: { id } }) => {
      mustKnow(id);
      return commands.list(id);
    },
    'POST /devices/{id}/commands': async ({ params: { id }, body, caller }) => {
      const state = await commands.issue(id, body, caller.id);
      log.info(
        { audit: 'command', device: id, command: state.id, type: body.type, by: caller.name },
        'commanded',
      );
      return state;
    },
    'GET /evidence/{id}': async ({ params: { id }, response }) => {
      const evidence = store.sqlite
        .prepare<[string], { sha256: string; type: string }>('SELECT sha256, type FROM evidence WHERE id = ?')
        .get(id);
      if (evidence === undefined) throw notFound('evidence', id);
      response.set('cache-control', 'private, max-age=31536000, immutable').type(evidence.type);
      await new Promise<void>((resolve, reject) => {
        response.sendFile(
          blobs.path(evidence.sha256),
          { cacheControl: false, dotfiles: 'allow' },
          (error) => {
            if (error && !response.headersSent) reject(error);
            else resolve();
          },
        );
      });
      return undefined;
    },
    'GET /pairings': async () => pairing.list(),
    'POST /pairings/{id}/approve': async ({ params: { id }, body, caller }) => ({
      device: pairing.approve(id, body, caller),
    }),
    'POST /pairings/{id}/refuse': async ({ params: { id }, caller }) => {
      pairing.refuse(id, caller);
      return {};
    },
  };
}
