import { open, rm } from 'node:fs/promises';
import type { Speech, SpeechOptions, Voice } from './speech.ts';

/** What one kind of server is asked, as data. */
export interface SpokenRequest {
  readonly url: string;
  readonly body: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface HttpEngineOptions {
  readonly name: string;
  /** How long it may take to begin answering, and between two pieces of the answer, ms. */
  readonly timeoutMs: number;
  request(text: string, options: SpeechOptions): SpokenRequest;
  /** Empty where the server does not say. @throws Error when it does not answer. */
  voices(signal: AbortSignal): Promise<readonly Voice[]>;
}

/** No text of ours is that long: an hour at 48 kHz. */
const MOST_BYTES = 400_000_000;

/** An engine behind HTTP that answers with a WAV file. It was set by an administrator; it may not lead elsewhere. */
export class HttpEngine implements Speech {
  readonly #options: HttpEngineOptions;

  constructor(options: HttpEngineOptions) {
    this.#options = options;
  }

  /** What it cannot speak it says when it is asked. */
  async speaks(): Promise<boolean> {
    return true;
  }

  voices(): Promise<readonly Voice[]> {
    return this.#options.voices(AbortSignal.timeout(this.#options.timeoutMs));
  }

  async speak(file: string, text: string, options: SpeechOptions, signal: AbortSignal): Promise<void> {
    const { name, timeoutMs } = this.#options;
    const { url, body, headers } = this.#options.request(text, options);
    const stalled = new AbortController();
    const timer = setTimeout(
      () => stalled.abort(new Error(`${name} has not answered for ${timeoutMs} ms`)),
      timeoutMs,
    );
    try {
      const response = await fetch(url, {
        method: 'POST',
        redirect: 'error',
        headers: { 'content-type': 'application/json', accept: 'audio/wav', ...headers },
        body: JSON.stringify(body),
        signal: AbortSignal.any([signal, stalled.signal]),
      });
      if (!response.ok || response.body === null) {
        await response.body?.cancel();
        throw new Error(`${name} answered ${response.status}`);
      }
      const bytes = await store(response.body, file, name, () => timer.refresh());
      if (bytes === 0) throw new Error(`${name} answered with nothing`);
      options.onProgress?.(1);
    } catch (error) {
      await rm(file, { force: true });
      signal.throwIfAborted();
      stalled.signal.throwIfAborted();
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }
}

/** @returns how many bytes came. */
async function store(
  body: ReadableStream<Uint8Array>,
  file: string,
  name: string,
  onChunk: () => void,
): Promise<number> {
  const out = await open(file, 'w');
  const reader = body.getReader();
  let bytes = 0;
  try {
    for (let read = await reader.read(); !read.done; read = await reader.read()) {
      onChunk();
      if (bytes === 0) refuseOther(name, read.value);
      bytes += read.value.length;
      if (bytes > MOST_BYTES) throw new Error(`${name} answered with more than ${MOST_BYTES} bytes`);
      await out.write(read.value);
    }
    await out.sync();
    return bytes;
  } finally {
    // Of an answer that was not read to its end the rest is not wanted; of a broken one there is nothing to cancel.
    await reader.cancel().catch(() => undefined);
    await out.close();
  }
}

/** An error page is not to become a programme. */
function refuseOther(name: string, first: Uint8Array): void {
  const magic = Buffer.from(first.subarray(0, 4)).toString('latin1');
  if (magic !== 'RIFF' && magic !== 'RF64')
    throw new Error(`${name} answered with something that is no WAV file`);
}
