import { rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { appendWav } from '../media/append-wav.ts';
import { breaths } from './breaths.ts';
import type { Speech, SpeechOptions, Voice } from './speech.ts';
import type { SpeechTask, Spoken } from './task.ts';

/** Its own pace, words a minute: that of a newsreader. */
const PACE = 150;
/** Slower or faster than this it cannot be understood. */
const SLOWEST = 80;
const FASTEST = 300;

/**
 * eSpeak NG inside the program (WebAssembly), in a thread or two per text: it computes for seconds, and the process must answer
 * meanwhile. Its voice is plain, understandable, and needs no network.
 */
export class EmbeddedSpeech implements Speech {
  #languages: Promise<ReadonlySet<string>> | undefined;

  async speaks(language: string): Promise<boolean> {
    return (await this.#voice(language)) !== undefined;
  }

  /** A voice for each language, named by it. */
  async voices(): Promise<Voice[]> {
    const names = new Intl.DisplayNames('vi', { type: 'language' });
    const known = await this.#known();
    return [...known].sort().map((id) => ({ id, name: nameOf(names, id), languages: [id] }));
  }

  async speak(file: string, text: string, options: SpeechOptions, signal: AbortSignal): Promise<void> {
    const { language, speed } = options;
    const wordsPerMinute = Math.round(Math.min(FASTEST, Math.max(SLOWEST, PACE * speed)));
    const voice = await this.#voice(options.voice ?? language);
    if (voice === undefined) throw new Error(`there is no voice for ${language}`);
    const stretches = breaths(text, language);
    if (stretches.length === 0) throw new Error('the text has no words');
    const halves = inTwo(stretches);
    const done = halves.map(() => 0);
    const files = halves.map((_, half) => (half === 0 ? file : `${file}.${half}`));
    const spoken = await Promise.allSettled(
      halves.map((half, at) =>
        perform(
          { kind: 'speak', file: files[at] ?? file, stretches: half, voice, wordsPerMinute },
          signal,
          (ratio) => {
            done[at] = ratio * half.length;
            options.onProgress?.(done.reduce((sum, one) => sum + one, 0) / stretches.length);
          },
        ),
      ),
    );
    try {
      for (const one of spoken) if (one.status === 'rejected') throw one.reason;
      for (const more of files.slice(1)) await appendWav(file, more);
    } finally {
      for (const more of files.slice(1)) await rm(more, { force: true });
    }
  }

  /** The voice for the language as written, else for the language alone. */
  async #voice(language: string): Promise<string | undefined> {
    const known = await this.#known();
    const tag = language.toLowerCase();
    return [tag, tag.split('-', 1)[0] ?? tag].find((name) => known.has(name));
  }

  #known(): Promise<ReadonlySet<string>> {
    this.#languages ??= perform({ kind: 'languages' }, new AbortController().signal).then(
      (last) => new Set(last.kind === 'languages' ? last.names : []),
    );
    return this.#languages;
  }
}

/** A short text is spoken sooner by one thread than two are started. */
const FEWEST_FOR_TWO = 4;

/** In the middle, by the number of letters: each half is spoken by a thread of its own. */
function inTwo(stretches: readonly string[]): (readonly string[])[] {
  if (stretches.length < FEWEST_FOR_TWO) return [stretches];
  const total = stretches.reduce((sum, { length }) => sum + length, 0);
  let sum = 0;
  const middle = stretches.findIndex(({ length }) => {
    sum += length;
    return sum * 2 >= total;
  });
  return [stretches.slice(0, middle + 1), stretches.slice(middle + 1)].filter(({ length }) => length > 0);
}

/** eSpeak's names are tags but for a few of its own. */
function nameOf(names: Intl.DisplayNames, id: string): string {
  try {
    return names.of(id) ?? id;
  } catch {
    return id;
  }
}

async function perform(
  task: SpeechTask,
  signal: AbortSignal,
  onProgress?: (ratio: number) => void,
): Promise<Spoken> {
  signal.throwIfAborted();
  const thread = startThread(task);
  let end = (): void => {};
  try {
    return await new Promise<Spoken>((resolve, reject) => {
      end = () => reject(signal.reason);
      signal.addEventListener('abort', end);
      thread.on('error', reject);
      thread.on('exit', (code) => reject(new Error(`the voice ended early (${code})`)));
      thread.on('message', (message: Spoken) => {
        if (message.kind === 'progress') onProgress?.(message.ratio);
        else if (message.kind === 'failed') reject(new Error(`the voice failed: ${message.reason}`));
        else resolve(message);
      });
    });
  } finally {
    signal.removeEventListener('abort', end);
    await thread.terminate();
  }
}

/** From source the thread needs a loader, which a worker on Node 20 does not take from `--import` for its first file. */
function startThread(task: SpeechTask): Worker {
  const options = { workerData: task, name: 'speech', resourceLimits: { maxOldGenerationSizeMb: 512 } };
  if (!import.meta.url.endsWith('.ts')) return new Worker(new URL('./worker.js', import.meta.url), options);
  const loader = pathToFileURL(
    createRequire(import.meta.url)
      .resolve('tsx/esm/api')
      .replace(/cjs$/, 'mjs'),
  ).href;
  const file = new URL('./worker.ts', import.meta.url).href;
  const start = `import(${JSON.stringify(loader)}).then(({ register }) => { register(); return import(${JSON.stringify(file)}); })`;
  return new Worker(start, { ...options, eval: true, execArgv: ['--conditions=loa-source'] });
}
