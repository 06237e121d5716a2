import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { breaths } from './breaths.ts';
import type { Speech, SpeechOptions } from './speech.ts';
import type { SpeechTask, Spoken } from './task.ts';

/** Makes a text fit for being read aloud; the Vietnamese reading of numbers, dates and abbreviations goes here. */
export type Normaliser = (text: string, language: string) => string;

/**
 * eSpeak NG inside the program (WebAssembly), in a thread per text: it computes for seconds, and the process must answer
 * meanwhile. Its voice is plain, understandable, and needs no network.
 */
export class EmbeddedSpeech implements Speech {
  readonly #normalise: Normaliser;
  #languages: Promise<ReadonlySet<string>> | undefined;

  constructor(normalise: Normaliser = (text) => text) {
    this.#normalise = normalise;
  }

  async speaks(language: string): Promise<boolean> {
    return (await this.#voice(language)) !== undefined;
  }

  async speak(file: string, text: string, options: SpeechOptions, signal: AbortSignal): Promise<void> {
    const { language, wordsPerMinute } = options;
    const voice = await this.#voice(language);
    if (voice === undefined) throw new Error(`there is no voice for ${language}`);
    const stretches = breaths(this.#normalise(text, language), language);
    if (stretches.length === 0) throw new Error('the text has no words');
    const task: SpeechTask = { kind: 'speak', file, stretches, voice, wordsPerMinute };
    await perform(task, signal, options.onProgress);
  }

  /** The voice for the language as written, else for the language alone. */
  async #voice(language: string): Promise<string | undefined> {
    this.#languages ??= perform({ kind: 'languages' }, new AbortController().signal).then(
      (last) => new Set(last.kind === 'languages' ? last.names : []),
    );
    const known = await this.#languages;
    const tag = language.toLowerCase();
    return [tag, tag.split('-', 1)[0] ?? tag].find((name) => known.has(name));
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
