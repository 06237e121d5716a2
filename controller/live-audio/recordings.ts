import { createReadStream } from 'node:fs';
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Logger } from 'pino';
import type { Upload } from '../library/library.ts';
import { mendRecording, Recorder } from './recorder.ts';

export interface RecordingsDeps {
  /** Such as `{data}/recordings`; made when missing. */
  readonly directory: string;
  readonly log: Logger;
  readonly library: { upload(stream: ReturnType<typeof createReadStream>, upload: Upload): Promise<string> };
}

/** What the library would refuse as too short to be anything. */
const SHORTEST_MS = 500;
const RETRY_MS = 60_000;

export interface Recorded {
  readonly title: string;
  readonly by: string | null;
}

/**
 * What was said live, on its way into the library: written while it is said, then taken in like any upload. What a full
 * disk or a crash keeps from getting there is tried again, for as long as its file is there.
 */
export class Recordings {
  readonly #deps: RecordingsDeps;
  readonly #timers = new Set<NodeJS.Timeout>();
  #stopped = false;

  constructor(deps: RecordingsDeps) {
    this.#deps = deps;
  }

  async begin(id: string): Promise<Recorder> {
    await mkdir(this.#deps.directory, { recursive: true });
    return Recorder.open(this.#file(id));
  }

  /** Ids of the recordings that an earlier life left. */
  async left(): Promise<string[]> {
    const names = await readdir(this.#deps.directory).catch(() => []);
    return names.flatMap((name) => /^([0-9A-Z]{26})\.ogg$/.exec(name)?.[1] ?? []);
  }

  /** Milliseconds that are there of a recording that nobody ended; it is whole afterwards. 0 when there is none. */
  async mend(id: string): Promise<number> {
    return mendRecording(this.#file(id)).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return 0;
      throw error;
    });
  }

  /** Gives a finished recording to the library. @param kept is called with the asset. */
  async adopt(
    id: string,
    recorded: Recorded,
    durationMs: number,
    kept: (asset: string) => void,
  ): Promise<void> {
    const { library, log } = this.#deps;
    const file = this.#file(id);
    if (durationMs < SHORTEST_MS) {
      await rm(file, { force: true });
      return;
    }
    try {
      const { size } = await stat(file);
      const asset = await library.upload(createReadStream(file), {
        ...{ filename: `${id}.ogg`, title: recorded.title, language: 'vi', source: 'recording' },
        ...{ expectedBytes: size, by: recorded.by },
      });
      kept(asset);
      await rm(file, { force: true });
      log.info({ live: id, asset, durationMs }, 'what was said live is in the library');
    } catch (error) {
      log.warn({ live: id, err: error }, 'a recording waits to be taken into the library');
      if (this.#stopped) return;
      const timer = setTimeout(() => {
        this.#timers.delete(timer);
        void this.adopt(id, recorded, durationMs, kept);
      }, RETRY_MS);
      this.#timers.add(timer);
    }
  }

  /** What waits then is found at the next start. */
  stop(): void {
    this.#stopped = true;
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }

  #file(id: string): string {
    if (!/^[0-9A-Z]{26}$/.test(id)) throw new Error(`${JSON.stringify(id)} is not an id`);
    return path.join(this.#deps.directory, `${id}.ogg`);
  }
}
