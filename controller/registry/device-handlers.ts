import type { Logger } from 'pino';
import type { BlobStore } from '../blobs/store.ts';
import type { Clock } from '../clock.ts';
import type { Config } from '../config/settings.ts';
import type { Store } from '../database/open.ts';
import { notFound } from '../failure.ts';
import type { SiteGuards } from '../guards/site-guards.ts';
import type { deviceRoutes } from '../http/contract/devices.ts';
import type { Handlers } from '../http/handlers.ts';
import type { Link } from '../link/link.ts';
import { devicesOfTargets } from '../timetable/reach.ts';
import { type AreaHandlersDeps, regroup } from './area-handlers.ts';
import type { Commands } from './commands.ts';
import { changeDevice, changeDevices, restoreDevice, retireDevice } from './device-changes.ts';
import { deviceDetail, planOf, refusalsOf } from './device-detail.ts';
import { listDevices, type View } from './device-list.ts';
import { heartbeatSeries } from './heartbeat-series.ts';
import { admissions } from './membership.ts';
import type { Pairing } from './pairing.ts';
import type { Watch } from './watch.ts';

export interface DeviceHandlersDeps extends AreaHandlersDeps {
  readonly clock: Clock;
  readonly log: Logger;
  readonly config: Pick<Config, 'LOA_TIMEZONE'>;
  readonly guards: Pick<SiteGuards, 'site'>;
  readonly blobs: BlobStore;
  readonly commands: Commands;
  readonly pairing: Pairing;
  readonly registry: { readonly watch: Watch; settle(device: string): void };
  readonly link: Pick<Link, 'clearDesired'>;
  readonly desired: AreaHandlersDeps['desired'] & { publish(device: string): Promise<void> };
}

/** Targets that are written into the log of one change: a line is to be read. */
const MOST_LOGGED = 100;

/** Devices, their commands and pictures, and those that wait to be let in. */
export function deviceHandlers(deps: DeviceHandlersDeps): Handlers<typeof deviceRoutes> {
  const { store, clock, changes, log, blobs, commands, pairing, registry, gate, link, desired } = deps;
  const { watch } = registry;
  // A retired device too: its history stays.
  const mustKnow = (id: string): void => {
    const known = store.sqlite.prepare('SELECT 1 FROM device WHERE id = ?').get(id);
    if (known === undefined) throw notFound('device', id);
  };
  const view = (): View => ({
    now: clock.now(),
    zone: deps.config.LOA_TIMEZONE,
    guards: deps.guards.site.guardsAt(clock.now()),
    heardAt: (device) => watch.heardAt(device),
  });
  return {
    'GET /devices': async ({ query }) => listDevices(store, query, view()),
    'GET /devices/{id}': async ({ params: { id } }) => deviceDetail(store, id, view()),
    'PATCH /devices/{id}': async ({ params: { id }, body, caller }) => {
      changeDevice(store, id, body);
      regroup(deps, [id]);
      const moved = [body.latitude, body.longitude, body.areaId].some((value) => value !== undefined);
      if (moved) void desired.refresh(boardsBySunOfOthers(store));
      log.info(
        { audit: 'device-changed', device: id, by: caller.name, fields: Object.keys(body) },
        'changed',
      );
      changes.announce('device', id);
      return deviceDetail(store, id, view());
    },
    'PATCH /devices': async ({ body: { targets, change }, caller }) => {
      const devices = [...devicesOfTargets(store, targets)];
      changeDevices(store, devices, change);
      void desired.refresh(devices);
      log.info(
        {
          ...{ audit: 'devices-changed', devices: devices.length, change, by: caller.name },
          targets: targets.slice(0, MOST_LOGGED),
        },
        'changed',
      );
      for (const id of devices) changes.announce('device', id);
      return { devices };
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
      return deviceDetail(store, id, view());
    },
    'GET /devices/{id}/heartbeats': async ({ params: { id }, query: { from, to } }) => {
      mustKnow(id);
      registry.settle(id);
      return heartbeatSeries(store, { device: id, from, to, now: clock.now() });
    },
    'GET /devices/{id}/refusals': async ({ params: { id } }) => {
      mustKnow(id);
      return refusalsOf(store, id);
    },
    'GET /devices/{id}/plan': async ({ params: { id }, query }) => planOf(store, id, query, view()),
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

/** Boards that follow the sun where others stand, because they were put on no map. */
const boardsBySunOfOthers = ({ sqlite }: Store): string[] =>
  sqlite
    .prepare<[], string>(
      `SELECT id FROM device WHERE board IS NOT NULL AND removed_at IS NULL
        AND (latitude IS NULL OR longitude IS NULL) AND board ->> '$.brightness.by' = 'sun'`,
    )
    .pluck()
    .all();
