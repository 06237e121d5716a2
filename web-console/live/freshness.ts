import type { LiveEvents } from '#controller/http/contract/events';
import type { Operation } from '#controller/http/contract/index';
import { answers } from '../api/ask.ts';

type Changed = Parameters<LiveEvents['changed']>[0];
type Entity = Changed[number]['entity'];

/** Which answers a change makes stale. */
const concerns: Record<Entity, readonly Operation[]> = {
  area: ['GET /areas', 'GET /devices', 'GET /schedules', 'GET /reach'],
  group: ['GET /groups', 'GET /devices/{id}', 'GET /schedules', 'GET /reach'],
  device: [
    'GET /devices',
    'GET /devices/{id}',
    'GET /devices/{id}/commands',
    'GET /devices/{id}/refusals',
    'GET /overview',
    'GET /areas',
    'GET /reach',
    'GET /boards',
    'GET /boards/{id}',
  ],
  pairing: ['GET /pairings', 'GET /overview'],
  refusal: ['GET /devices/{id}/refusals', 'GET /overview'],
  asset: ['GET /assets', 'GET /assets/{id}', 'GET /programmes', 'GET /overview'],
  programme: ['GET /programmes', 'GET /programmes/{id}', 'GET /playlists', 'GET /assets', 'GET /schedules'],
  playlist: ['GET /playlists', 'GET /playlists/{id}', 'GET /programmes', 'GET /schedules'],
  schedule: [
    'GET /schedules',
    'GET /schedules/{id}',
    'GET /occurrences',
    'GET /overview',
    'GET /programmes',
    'GET /playlists',
  ],
  plan: [
    'GET /devices',
    'GET /devices/{id}',
    'GET /devices/{id}/day',
    'GET /occurrences',
    'GET /overview',
    ...(['GET /boards', 'GET /boards/{id}', 'GET /boards/{id}/scene'] as const),
  ],
  play: [
    'GET /plays',
    'GET /plays/{occurrence}/{device}',
    'GET /devices/{id}/day',
    'GET /occurrences',
    'GET /overview',
  ],
  picture: ['GET /devices/{id}', 'GET /boards', 'GET /boards/{id}', 'GET /boards/{id}/pictures'],
  board: ['GET /boards', 'GET /boards/{id}', 'GET /boards/{id}/scene', 'GET /boards/formats'],
  visual: ['GET /visuals', 'GET /visuals/{id}'],
  broadcast: [
    'GET /broadcasts',
    'GET /broadcasts/{id}',
    'GET /overview',
    ...(['GET /boards', 'GET /boards/{id}', 'GET /boards/{id}/scene'] as const),
  ],
  model: ['GET /models', 'GET /devices', 'GET /devices/{id}'],
  firmware: ['GET /firmware', 'GET /rollouts'],
  rollout: ['GET /rollouts', 'GET /rollouts/{id}', 'GET /devices/{id}'],
  policy: [
    'GET /policies/guards',
    'GET /policies/emergency',
    'GET /policies/speech',
    'GET /policies/relay',
    'GET /policies/cap',
    'GET /policies/province',
    'GET /speech/voices',
  ],
  live: ['GET /live', 'GET /live/{id}'],
  relay: ['GET /relays', 'GET /relays/{id}', 'GET /relay-sources'],
  incident: ['GET /incidents', 'GET /incidents/{id}', 'GET /incidents/{id}/silent', 'GET /overview'],
  'stored-message': ['GET /stored-messages'],
  alert: ['GET /alerts', 'GET /alerts/{id}'],
  bulletin: ['GET /bulletins', 'GET /bulletins/{id}'],
  person: ['GET /people'],
};

/** Lists are asked for again at most so often, however fast the changes come. */
const PAUSE_MS = 1_000;
const waiting = new Map<Operation, Set<string>>();
let timer: number | undefined;
let last = 0;

/** Whether an answer about one thing is about one of the things that changed. */
function touches(key: readonly unknown[], ids: ReadonlySet<string>): boolean {
  const request = key[1];
  if (typeof request !== 'object' || request === null || !('params' in request)) return true;
  const { params } = request;
  if (typeof params !== 'object' || params === null) return true;
  // Entity ids are not all of the kind that the address names (a plan's, a picture's): a miss only costs freshness
  // where the kinds agree, so agreement is asked for only of addresses with one id.
  return !('id' in params) || typeof params.id !== 'string' || ids.has('*') || ids.has(params.id);
}

function flush(): void {
  timer = undefined;
  last = Date.now();
  const batch = new Map(waiting);
  waiting.clear();
  void answers.invalidateQueries({
    predicate: ({ queryKey }) => {
      const ids = batch.get(queryKey[0] as Operation);
      return ids !== undefined && touches(queryKey, ids);
    },
  });
}

export function invalidate(changes: Changed): void {
  for (const { entity, ids } of changes)
    for (const operation of concerns[entity]) {
      const set = waiting.get(operation) ?? new Set<string>();
      const ownId =
        operation.startsWith(`GET /${entity}s/`) ||
        (entity === 'picture' && operation.startsWith('GET /devices/'));
      // None are named when they are too many to name.
      if (ownId && ids.length > 0) for (const id of ids) set.add(id);
      else set.add('*');
      waiting.set(operation, set);
    }
  if (timer === undefined) timer = window.setTimeout(flush, Math.max(0, last + PAUSE_MS - Date.now()));
}
