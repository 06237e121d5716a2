import { type Flow, startFlow } from '../media/flow.ts';
import { decodeFileFlow, decodeFlow } from '../media/flow-commands.ts';
import { formatOf } from './format.ts';
import type { SoundQueue } from './sound-queue.ts';
import type { Source } from './source.ts';
import { lost } from './trouble.ts';

/** Beyond it the other side has to wait; HLS comes in pieces of ten seconds. */
const MOST_WAITING_MS = 30_000;
const ENOUGH_MS = 25_000;
/** Bytes that come and become no sound for so long are no stream. */
const NO_SOUND_MS = 10_000;

/**
 * Decodes a stream into a queue for as long as it lasts. Where something else begins in it, a fresh decoder takes over.
 * @throws StreamTrouble; the signal's reason when cancelled. Returns when the stream has ended by itself.
 */
export async function decode(
  source: Source,
  queue: SoundQueue,
  ffmpeg: string,
  signal: AbortSignal,
): Promise<void> {
  let flow: Flow | null = null;
  const watch = { at: performance.now() };
  const kill = (): void => flow?.kill();
  signal.addEventListener('abort', kill, { once: true });
  try {
    for await (const { bytes, fresh } of source.pieces) {
      signal.throwIfAborted();
      if (fresh && flow !== null) {
        await finish(flow);
        flow = null;
      }
      flow ??= begin(ffmpeg, formatOf(bytes, '') ?? source.format, queue, watch);
      await feed(flow, bytes);
      signal.throwIfAborted();
      if (queue.ms < ENOUGH_MS && performance.now() - watch.at > NO_SOUND_MS) {
        throw lost('not-decoded', 'What comes is no sound that can be decoded.');
      }
    }
    if (flow !== null) await finish(flow);
    signal.throwIfAborted();
  } finally {
    signal.removeEventListener('abort', kill);
    flow?.kill();
    queue.onTaken = () => {};
  }
}

/** Decodes a file of ours. Resolves when all of it is in the queue. */
export async function decodeFile(
  file: string,
  queue: SoundQueue,
  ffmpeg: string,
  signal: AbortSignal,
): Promise<void> {
  const flow = startFlow(ffmpeg, decodeFileFlow(file));
  flow.input.end();
  const kill = (): void => flow.kill();
  signal.addEventListener('abort', kill, { once: true });
  drain(flow, queue, { at: 0 });
  const why = await flow.ended;
  signal.removeEventListener('abort', kill);
  signal.throwIfAborted();
  if (why !== null) throw new Error(why);
}

function begin(ffmpeg: string, format: string, queue: SoundQueue, watch: { at: number }): Flow {
  watch.at = performance.now();
  const flow = startFlow(ffmpeg, decodeFlow(format));
  drain(flow, queue, watch);
  return flow;
}

function drain({ output }: Flow, queue: SoundQueue, watch: { at: number }): void {
  output.on('data', (chunk: Buffer) => {
    watch.at = performance.now();
    queue.push(chunk);
    if (queue.ms > MOST_WAITING_MS) output.pause();
  });
  queue.onTaken = () => {
    if (queue.ms >= ENOUGH_MS || !output.isPaused()) return;
    watch.at = performance.now();
    output.resume();
  };
}

/** @throws StreamTrouble `not-decoded` when the decoder has ended. */
async function feed(flow: Flow, bytes: Buffer): Promise<void> {
  if (flow.over === undefined && !flow.input.write(bytes)) {
    await new Promise<void>((resolve) => {
      const go = (): void => {
        flow.input.off('drain', go);
        flow.input.off('close', go);
        resolve();
      };
      flow.input.once('drain', go);
      flow.input.once('close', go);
      if (flow.input.destroyed) go();
    });
  }
  if (flow.over !== undefined)
    throw lost('not-decoded', `The stream cannot be decoded: ${flow.over ?? 'it ended'}`);
}

/** Lets the decoder tell what it has still in it. */
async function finish(flow: Flow): Promise<void> {
  flow.input.end();
  const why = await flow.ended;
  if (why !== null) throw lost('not-decoded', `The stream cannot be decoded: ${why}`);
}
