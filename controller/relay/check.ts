import { setTimeout as sleep } from 'node:timers/promises';
import type { Doorway } from './connect.ts';
import { messageOf } from './connect.ts';
import { decode } from './decode.ts';
import { freshFrame, levelOf, SoundQueue } from './sound-queue.ts';
import { openSource } from './source.ts';
import { StreamTrouble } from './trouble.ts';

export interface Checked {
  readonly ok: boolean;
  readonly reason: string | null;
  readonly format: string | null;
  readonly levelDbfs: number | null;
}

/** So much sound is listened to, and so long it is waited for. */
const HEARD_MS = 3_000;
const PATIENCE_MS = 20_000;
const LOOK_MS = 100;

/** Listens to an address: whether it may be opened, what it is, how loud. @returns as `reason` a code of `StreamTrouble`. */
export async function checkAddress(url: string, doorway: Doorway, ffmpeg: string): Promise<Checked> {
  const attempt = new AbortController();
  const queue = new SoundQueue();
  let format: string | null = null;
  try {
    const until = performance.now() + PATIENCE_MS;
    const timer = setTimeout(() => attempt.abort(), PATIENCE_MS);
    const source = await openSource(url, doorway, attempt.signal).finally(() => clearTimeout(timer));
    format = source.hls ? `hls ${source.format}` : source.format;
    let failure: unknown = null;
    let over = false;
    const decoding = decode(source, queue, ffmpeg, attempt.signal)
      .catch((error: unknown) => {
        failure = error;
      })
      .finally(() => {
        over = true;
      });
    while (queue.ms < HEARD_MS && !over && performance.now() < until) await sleep(LOOK_MS);
    const levelDbfs = loudest(queue);
    attempt.abort();
    await decoding;
    if (levelDbfs !== null) return { ok: true, reason: null, format, levelDbfs };
    if (failure instanceof StreamTrouble) throw failure;
    return { ok: false, reason: 'no-answer', format, levelDbfs: null };
  } catch (error) {
    const reason =
      error instanceof StreamTrouble ? error.code : attempt.signal.aborted ? 'no-answer' : messageOf(error);
    return { ok: false, reason, format, levelDbfs: null };
  } finally {
    attempt.abort();
  }
}

/** Over all that waits; null when nothing does. */
function loudest(queue: SoundQueue): number | null {
  const frame = freshFrame();
  let level: number | null = null;
  while (queue.take(frame)) level = Math.max(level ?? Number.NEGATIVE_INFINITY, levelOf(frame));
  return level;
}
