import { ulid } from 'ulid';
import type { BroadcastPart } from '#devices/broadcast';
import type { PriorityClass, ResumePolicy } from '#devices/plan';
import type { BlobStore } from '../blobs/store.ts';
import { panelOf } from '../boards/panels.ts';
import type { Clock } from '../clock.ts';
import type { Store } from '../database/open.ts';
import { Failure } from '../failure.ts';
import type { SiteGuards } from '../guards/site-guards.ts';
import type { Target } from '../http/contract/schedules.ts';
import type { LibraryName } from '../timetable/content.ts';
import { checkTargets } from '../timetable/schedule-check.ts';
import { addressesOf, type Listener, listenersOf } from './audience.ts';
import { type Composition, playersOf } from './compose.ts';
import { underGuards } from './on-guard.ts';
import { fitsOneMessage } from './one-message.ts';
import { MOST_LEAD_MS } from './readiness.ts';
import { freshRun, insertRun, type Origin, type Run } from './run.ts';
import { filesFor, withScenes } from './scenes.ts';
import { countsOf, type Shares } from './shares.ts';

/** What a person asks for. */
export interface PlayRequest {
  readonly content: LibraryName;
  readonly targets: readonly Target[];
  readonly priority: PriorityClass;
  readonly resume: ResumePolicy;
  /** Percent; null for each device's own. */
  readonly volume: number | null;
  readonly patienceMs: number;
  /** The name of who asks. */
  readonly by: string | null;
  /** Starts at once, without asking who is ready: for what devices hold already, and what cannot wait. */
  readonly singlePhase?: boolean;
}

/** What is put on the air: composed, and what it is of. */
export interface AirRequest extends Omit<PlayRequest, 'content'> {
  /** Chosen beforehand where parts depend on it (a ULID); else a new one. */
  readonly id?: string;
  readonly content: Origin;
  readonly composition: Composition;
  /** Devices only get ready for it; nothing starts, whoever is ready. Over when all have answered, or patience ends. */
  readonly rehearsal?: boolean;
  /** When it starts, epoch ms, where that is known beforehand: nobody is asked to get ready. */
  readonly t0?: number;
  /** 0 where it is left out. */
  readonly gainDb?: number;
  /** What the guards take it for; its own class where it is left out. */
  readonly guardedAs?: PriorityClass;
}

export interface DrawingDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly guards: SiteGuards;
  /** Where scenes are read from. */
  readonly blobs: Pick<BlobStore, 'path'>;
}

/** What is to go out, and to whom. @returns with it what writes all of that down, in one transaction. */
export function drawUp(
  { store, clock, blobs, guards }: DrawingDeps,
  shares: Shares,
  request: AirRequest,
): { run: Run; enter: () => void } {
  const { content, priority, resume, volume, patienceMs, by, rehearsal = false, gainDb = 0 } = request;
  const targets = checkTargets(store, request.targets);
  const now = Math.round(clock.now());
  const listeners = listenersOf(store, targets);
  const { title, parts: composed, durationMs } = guarded(guards, request, listeners, now);
  const { id = ulid(now) } = request;
  const players = playersOf({ parts: composed }, listeners);
  const bodyOf = (parts: readonly BroadcastPart[]): Run['body'] => ({
    ...{ id, title, priority, resume, parts: [...parts], gainDb },
    ...(volume === null ? {} : { volume }),
    notAfter: Math.ceil(now + patienceMs + MOST_LEAD_MS + durationMs),
  });
  const parts = filesFor(composed, () => players.filter(({ kind }) => kind === 'board').map(sizeOf));
  const body = bodyOf(withScenes(parts, title, blobs, (some) => fitsOneMessage(bodyOf(some))));
  if (players.length === 0) {
    throw new Failure(
      'nobody-to-play',
      `None of the chosen devices can play “${title}”: there are none, or it is nothing for their kind. Choose others.`,
      { status: 422, params: { title } },
    );
  }
  const run = freshRun({
    ...{ body, durationMs, now, patienceMs, rehearsal },
    ...{ addresses: addressesOf(store, targets), counts: countsOf(players) },
  });
  const enter = (): void =>
    store.sqlite.transaction(() => {
      insertRun(store, run, { targets, content, patienceMs, by, now });
      shares.create(id, players, now);
    })();
  return { run, enter };
}

/** A rehearsal is heard by nobody. @throws Failure 422 for what the guards forbid. */
function guarded(
  site: SiteGuards,
  request: AirRequest,
  listeners: readonly Listener[],
  now: number,
): Composition {
  const { composition, guardedAs: priority = request.priority, rehearsal = false, t0: at = now } = request;
  if (rehearsal || priority === 'emergency') return composition;
  // Boards make no noise: they are bound to no hour.
  const heard = playersOf(composition, listeners).filter(({ kind }) => kind === 'speaker');
  if (heard.length === 0) return composition;
  const devices = listeners.filter(({ kind }) => kind === 'speaker').map(({ id }) => id);
  const unheeded = request.priority === 'emergency';
  return underGuards(site, composition, { priority, devices, at, unheeded });
}

const sizeOf = ({ id, capabilities, board }: Listener) =>
  panelOf({ id, name: '', capabilities, board }).panel;
