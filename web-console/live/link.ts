import type { LiveEvents } from '#controller/http/contract/events';
import { answers } from '../api/ask.ts';
import { invalidate } from './freshness.ts';
import { Watched } from './store.ts';

export interface LinkState {
  up: boolean;
  /** Whether it was ever up since the page was opened. */
  known: boolean;
  /** The moment to which what is on the screen is true. */
  trueAt: number;
}
export interface Beat {
  at: number;
  levelDbfs: number | null;
  playing: string | null;
}

export const link = new Watched<LinkState>({ up: false, known: false, trueAt: Date.now() });
/** The last heartbeat of each device that spoke since the page was opened. */
export const beats = new Watched<ReadonlyMap<string, Beat>>(new Map());
/** Uploads and transcodings under way. */
export const progress = new Watched<ReadonlyMap<string, { stage: string; ratio: number }>>(new Map());

/** Opens the live link; the library comes after the page, so that the page is not kept waiting by it. */
export async function openLink(): Promise<() => void> {
  const { io } = await import('socket.io-client');
  const socket = io({ path: '/live', transports: ['websocket', 'polling'], reconnectionDelayMax: 5_000 });
  const on = <K extends keyof LiveEvents>(event: K, listener: LiveEvents[K]) =>
    // socket.io types its listeners loosely; the contract of the event is held here, in one place.
    socket.on(event as string, listener as (...args: unknown[]) => void);

  socket.on('connect', () => {
    const again = link.value.known && !link.value.up;
    link.set({ up: true, known: true, trueAt: Date.now() });
    // What happened while the link was down was not told: everything on the screen is asked for again.
    if (again) void answers.invalidateQueries();
  });
  socket.on('disconnect', (reason) => {
    link.set({ ...link.value, up: false, trueAt: Date.now() });
    // A controller that closes the link on its way down is not called again by the library itself.
    if (reason === 'io server disconnect') socket.connect();
  });
  socket.on('connect_error', () => link.set({ ...link.value, up: false, known: true }));
  on('changed', (changes) => {
    invalidate(changes);
  });
  on('progress', ({ asset, stage, ratio }) => {
    progress.set(new Map(progress.value).set(asset, { stage, ratio }));
  });
  on('heartbeats', (heard) => {
    const next = new Map(beats.value);
    for (const { device, ...beat } of heard) next.set(device, beat);
    beats.set(next);
  });
  return () => {
    socket.close();
  };
}
