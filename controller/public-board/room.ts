import type { Router } from 'express';
import type { Logger } from 'pino';
import type { BlobStore } from '../blobs/store.ts';
import type { BoardStates } from '../boards/states.ts';
import type { Changes } from '../changes.ts';
import type { Clock } from '../clock.ts';
import { type Component, Sequence } from '../component.ts';
import type { Store } from '../database/open.ts';
import type { publicBoardRoutes } from '../http/contract/public-board.ts';
import type { Handlers } from '../http/handlers.ts';
import { Painter } from '../visuals/painter.ts';
import { BoardWatch } from './board-watch.ts';
import { Counter } from './counter.ts';
import { publicBoardHandlers } from './handlers.ts';
import { PublicItems } from './items.ts';
import { BoardPictures } from './pictures.ts';
import { publicBoardRouter } from './router.ts';

export interface PublicBoardRoomDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly changes: Changes;
  readonly log: Logger;
  readonly blobs: BlobStore;
  readonly states: Pick<BoardStates, 'list' | 'wanted'>;
  readonly siteName: string;
  readonly publicUrl: string;
  /** IANA. */
  readonly zone: string;
  /** For pictures; what lies there is thrown away at the start. */
  readonly directory: string;
  /** Calls in a minute from one address. */
  readonly limit?: number;
}

export interface PublicBoardRoom extends Component {
  readonly watch: BoardWatch;
  readonly router: Router;
  readonly handlers: Handlers<typeof publicBoardRoutes>;
}

/** The public web board, and how often it was looked at. */
export function publicBoardRoom(deps: PublicBoardRoomDeps): PublicBoardRoom {
  const { store, siteName, zone, limit } = deps;
  const items = new PublicItems(store);
  const watch = new BoardWatch({ ...deps, items });
  const counter = new Counter(deps);
  // Its own: whoever composes does not wait behind all who look.
  const painter = new Painter({ waiting: 32 });
  const pictures = new BoardPictures({ ...deps, painter });
  const parts = new Sequence([painter, pictures, counter, watch]);
  const site = { name: siteName, publicUrl: deps.publicUrl.replace(/\/$/, ''), zone };
  return {
    watch,
    router: publicBoardRouter({
      ...{ site, watch, items, pictures, counter },
      ...(limit === undefined ? {} : { limit }),
    }),
    handlers: publicBoardHandlers({ store, counter }),
    start: () => parts.start(),
    stop: () => parts.stop(),
  };
}
