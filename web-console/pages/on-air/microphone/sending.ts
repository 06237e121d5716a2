import type { Asset } from '#controller/http/contract/library';
import { answers } from '../../../api/ask.ts';
import { type Asked, addressOf, api } from '../../../api/client.ts';
import { ProblemError, problemOf, unreachable } from '../../../api/problem.ts';
import { Watched } from '../../../live/store.ts';
import { forget } from './kept.ts';
import type { Recording } from './recorder.ts';

export const STEPS = ['uploading', 'preparing', 'starting'] as const;
type Step = (typeof STEPS)[number];
export interface SendingState {
  readonly step: Step | 'done';
  /** Of the upload, 0 to 1. */
  readonly ratio: number;
  /** Why it stands still; trying again goes on from here. */
  readonly error: unknown;
  readonly broadcastId: string | null;
}
type Order = Omit<Asked<'POST /broadcasts'>['body'], 'content'>;

const LOOK_MS = 500;
const pause = (ms: number) => new Promise((resolve) => window.setTimeout(resolve, ms));

/** A recording on its way: into the library, made a programme, on the air. What is done is not done again. */
export class Sending {
  readonly recording: Recording;
  readonly title: string;
  readonly state = new Watched<SendingState>({ step: 'uploading', ratio: 0, error: null, broadcastId: null });
  readonly #order: Order;
  #asset: string | null = null;
  #programme: string | null = null;
  #tried = false;

  constructor(recording: Recording, title: string, order: Order) {
    this.recording = recording;
    this.title = title;
    this.#order = order;
  }

  /** Goes as far as it can; an error is kept in the state, and calling again goes on. */
  async start(): Promise<void> {
    this.#put({ error: null });
    try {
      this.#asset ??= (await this.#upload()).id;
      this.#put({ step: 'preparing' });
      await this.#ready(this.#asset);
      this.#programme ??= (
        await api('POST /programmes', { body: { title: this.title, assetId: this.#asset } })
      ).id;
      this.#put({ step: 'starting' });
      const id = await this.#play(this.#programme);
      this.#put({ step: 'done', broadcastId: id });
      await forget(this.recording.id);
      await answers.invalidateQueries({ queryKey: ['GET /broadcasts'] });
    } catch (error) {
      this.#put({ error });
    }
  }

  /** `fetch` cannot tell how much has been sent; XMLHttpRequest can. */
  #upload(): Promise<Asset> {
    const { blob } = this.recording;
    const filename = `${this.title}.${blob.type.startsWith('audio/ogg') ? 'ogg' : 'wav'}`.slice(-255);
    return new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      request.open('POST', addressOf('POST /assets', { query: { filename, title: this.title } }));
      request.setRequestHeader('content-type', 'application/octet-stream');
      request.upload.onprogress = ({ loaded }) => this.#put({ ratio: loaded / blob.size });
      request.onload = () => {
        if (request.status >= 200 && request.status < 300) resolve(JSON.parse(request.responseText) as Asset);
        else reject(problemOf(request.status, request.responseText));
      };
      request.onerror = (event) => reject(unreachable(event));
      request.send(blob);
    });
  }

  async #ready(id: string): Promise<void> {
    for (;;) {
      const asset = await api('GET /assets/{id}', { params: { id } });
      if (asset.state === 'ready') return;
      if (asset.state === 'refused' || asset.state === 'cancelled') {
        this.#asset = null;
        throw new ProblemError({
          type: 'about:blank',
          title: asset.state,
          status: 422,
          detail: asset.refusal?.code ?? asset.state,
          code: asset.state === 'refused' ? 'not-usable' : 'cancelled',
          params: { title: asset.title },
        });
      }
      await pause(LOOK_MS);
    }
  }

  async #play(programme: string): Promise<string> {
    // The answer may have been lost, not the question: what is on the air already is not started twice.
    if (this.#tried) {
      const { items } = await api('GET /broadcasts', { query: { limit: 20 } });
      const found = items.find(({ content }) => content.id === programme);
      if (found !== undefined) return found.id;
    }
    this.#tried = true;
    const content = { kind: 'programme' as const, id: programme };
    return (await api('POST /broadcasts', { body: { ...this.#order, content } })).id;
  }

  #put(change: Partial<SendingState>): void {
    this.state.set({ ...this.state.value, ...change });
  }
}

/** The recording that is being sent; walking to another page does not stop it. */
export const sendingNow = new Watched<Sending | null>(null);
