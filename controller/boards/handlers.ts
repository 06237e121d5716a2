import { readFile } from 'node:fs/promises';
import { lint } from '#devices/lint/lint';
import { Scene } from '#devices/scene';
import type { BlobStore } from '../blobs/store.ts';
import type { Clock } from '../clock.ts';
import type { Store } from '../database/open.ts';
import { notFound } from '../failure.ts';
import type { BoardFormat, boardRoutes } from '../http/contract/boards.ts';
import type { Handlers } from '../http/handlers.ts';
import { boardPanels } from './panels.ts';
import { picturesOf } from './pictures.ts';
import type { Publishing } from './publishing.ts';
import type { BoardStates } from './states.ts';

export interface BoardHandlersDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly blobs: Pick<BlobStore, 'path'>;
  readonly states: BoardStates;
  readonly publishing: Publishing;
}

/** The operations on boards. */
export function boardHandlers({
  store,
  blobs,
  states,
  publishing,
  clock,
}: BoardHandlersDeps): Handlers<typeof boardRoutes> {
  return {
    'GET /boards': async () => states.list(),
    'GET /boards/formats': async () => formatsOf(store),
    'GET /boards/{id}': async ({ params: { id } }) => states.one(id),
    'GET /boards/{id}/scene': async ({ params: { id } }) => {
      const sha256 = states.one(id).desired?.sceneSha256 ?? null;
      if (sha256 === null) return { scene: null, sha256 };
      const text = await readFile(blobs.path(sha256), 'utf8').catch((cause: unknown) => {
        throw new Error(`the scene ${sha256} of board ${id} is not there`, { cause });
      });
      return { scene: Scene.parse(JSON.parse(text)), sha256 };
    },
    'GET /boards/{id}/pictures': async ({ params: { id } }) => {
      if (!isBoard(store, id)) throw notFound('board', id);
      return picturesOf(store, id);
    },
    'POST /boards/check': async ({ body: { scene, panel, viewingMetres, night } }) =>
      lint(scene, panel, { viewingMetres, night, now: clock.now() }),
    'POST /boards/publish': async ({ body, caller }) => publishing.publish(body, caller.name),
  };
}

const isBoard = ({ sqlite }: Store, id: string): boolean =>
  sqlite
    .prepare<[string], 1>("SELECT 1 FROM device WHERE id = ? AND kind = 'board' AND removed_at IS NULL")
    .get(id) !== undefined;

/** The sizes of boards, the most frequent first, and from how far away the farthest of each is read. */
function formatsOf(store: Store): BoardFormat[] {
  const formats = new Map<string, BoardFormat>();
  for (const { id, name, panel, display, viewingMetres } of boardPanels(store)) {
    if (panel === null) continue;
    const { width, height, pitchMm } = panel;
    const key = JSON.stringify([width, height, pitchMm, display]);
    const format = formats.get(key) ?? { width, height, pitchMm, display, boards: [], viewingMetres };
    format.boards.push({ id, name });
    format.viewingMetres = Math.max(format.viewingMetres, viewingMetres);
    formats.set(key, format);
  }
  return [...formats.values()].sort((one, other) => other.boards.length - one.boards.length);
}
