import type { Logger } from 'pino';
import type { BlobStore } from '../blobs/store.ts';
import type { Broadcasts } from '../broadcasts/broadcasts.ts';
import type { Changes } from '../changes.ts';
import type { Clock } from '../clock.ts';
import { type Component, Sequence } from '../component.ts';
import type { Store } from '../database/open.ts';
import type { boardRoutes } from '../http/contract/boards.ts';
import type { Handlers } from '../http/handlers.ts';
import { Compiler } from './compiler.ts';
import { EvidenceSweep } from './evidence-sweep.ts';
import type { Fitter } from './fitter.ts';
import { boardHandlers } from './handlers.ts';
import { Proofs } from './proofs.ts';
import { Publishing } from './publishing.ts';
import { BoardStates } from './states.ts';

export interface BoardRoomDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly changes: Changes;
  readonly log: Logger;
  readonly blobs: BlobStore;
  readonly broadcasts: Pick<Broadcasts, 'air' | 'withdraw'>;
  readonly fitter: Fitter;
  /** Of the site's wall clock, by its IANA name. */
  readonly zone: string;
  readonly heardAt: (device: string) => number | null;
}

export interface BoardRoom extends Component {
  readonly states: BoardStates;
  readonly publishing: Publishing;
  readonly compiler: Compiler;
  readonly handlers: Handlers<typeof boardRoutes>;
}

/** Everything about boards that no other room does: what is made for them, what stands on them, and its proof. */
export function boardRoom(deps: BoardRoomDeps): BoardRoom {
  const { changes } = deps;
  const proofs = new Proofs({ ...deps, known: () => changes.announce('board', 'proofs') });
  const states = new BoardStates({ ...deps, proofs });
  const publishing = new Publishing({ ...deps, states });
  const compiler = new Compiler(deps);
  const parts = new Sequence([compiler, proofs, new EvidenceSweep(deps)]);
  return {
    states,
    publishing,
    compiler,
    handlers: boardHandlers({ ...deps, states, publishing }),
    start: () => parts.start(),
    stop: () => parts.stop(),
  };
}
