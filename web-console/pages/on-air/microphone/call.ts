import type { LiveSession, MicrophoneState } from '#controller/http/contract/live';
import { answers } from '../../../api/ask.ts';
import { type Asked, api } from '../../../api/client.ts';
import { Watched } from '../../../live/store.ts';
import type { Block, Capture } from './capture.ts';
import { Line } from './line.ts';
import { LIVE_VOICE, type Voice, voiceFor } from './voice.ts';
import { keepWatch } from './watchful.ts';

/** `waiting`: devices get ready and the chime sounds. */
type Phase = 'calling' | 'waiting' | 'on-air' | 'ending' | 'ended';
export interface CallState {
  readonly phase: Phase;
  /** As the controller told it last. */
  readonly session: LiveSession | null;
  /** When the first word is or was heard, by this machine's clock; null while nobody knows. */
  readonly onAirAt: number | null;
  readonly muted: boolean;
  /** Since when the line is broken, by this machine's clock. */
  readonly downSince: number | null;
  /** Whether sound was left out lately because the line is too narrow. */
  readonly narrow: boolean;
}

/** Longer than so, and the end is asked for by another way. */
const END_WAITS_MS = 2_500;
const NARROW_MS = 2_000;

/** One live call, from the tap on the button to the last word. It lives outside the page. */
export class Call {
  readonly capture: Capture;
  readonly targets: Asked<'POST /live'>['body']['targets'];
  readonly state = new Watched<CallState>({
    phase: 'calling',
    session: null,
    onAirAt: null,
    muted: false,
    downSince: null,
    narrow: false,
  });
  readonly #body: Asked<'POST /live'>['body'];
  #voice: Voice | null = null;
  #line: Line | null = null;
  #relax: (() => void) | null = null;
  #endTimer = 0;
  #narrowTimer = 0;
  #dropped = 0;

  constructor(capture: Capture, body: Asked<'POST /live'>['body']) {
    this.capture = capture;
    this.#body = body;
    this.targets = body.targets;
  }

  /** @throws ProblemError when the controller does not open a session; the microphone stays open then. */
  async start(): Promise<void> {
    const voice = await voiceFor(
      this.capture.rate,
      LIVE_VOICE,
      (packet) => this.#send(packet),
      () => void this.end(),
    );
    let session: LiveSession;
    try {
      session = await api('POST /live', { body: this.#body });
    } catch (error) {
      voice.close();
      throw error;
    }
    this.#voice = voice;
    this.#put({ phase: 'waiting', session });
    this.#relax = keepWatch();
    const { codec, sampleRate, frameMs } = voice;
    this.#line = new Line(
      session.id,
      { v: 1, type: 'hello', codec, sampleRate, frameMs },
      {
        state: (state) => this.#told(state),
        up: () => {
          this.#put({ downSince: null });
          if (this.state.value.muted) this.#line?.say({ type: 'muted', muted: true });
          if (this.state.value.phase === 'ending') this.#line?.say({ type: 'end' });
        },
        down: () => this.#put({ downSince: Date.now() }),
        lost: () => this.#over({ ...session, state: 'ended', end: 'lease-over', endedAt: Date.now() }),
      },
    );
    this.#line.start();
    this.capture.listener = (block) => this.#heard(block);
  }

  /** In a pause silence is sent, so that the call stays open and the horns stay quiet. */
  mute(muted: boolean): void {
    this.#put({ muted });
    this.#line?.say({ type: 'muted', muted });
  }

  async end(): Promise<void> {
    const { phase, session } = this.state.value;
    if (session === null || phase === 'ending' || phase === 'ended') return;
    this.#put({ phase: 'ending' });
    this.capture.listener = null;
    const asked = this.#line?.say({ type: 'end' }) === true;
    if (asked) this.#endTimer = window.setTimeout(() => void this.#endOtherwise(session), END_WAITS_MS);
    else await this.#endOtherwise(session);
  }

  async #endOtherwise(session: LiveSession): Promise<void> {
    // Without any way to the controller it hears nothing from here, and ends by itself.
    const told = await api('POST /live/{id}/end', { params: { id: session.id } }).catch(() => null);
    if (told?.state === 'ended') this.#over(told);
  }

  #heard(block: Block): void {
    if (this.state.value.muted) block.fill(0);
    this.#voice?.encode(block);
  }

  #send(packet: Uint8Array<ArrayBuffer>): void {
    const line = this.#line;
    if (line === null) return;
    line.send(packet);
    if (line.dropped === this.#dropped) return;
    this.#dropped = line.dropped;
    if (!this.state.value.narrow) this.#put({ narrow: true });
    window.clearTimeout(this.#narrowTimer);
    this.#narrowTimer = window.setTimeout(() => this.#put({ narrow: false }), NARROW_MS);
  }

  #told({ session, onAirInMs }: MicrophoneState): void {
    if (session.state === 'ended') {
      this.#over(session);
      return;
    }
    const { phase } = this.state.value;
    const known = onAirInMs > 0 || session.state === 'on-air';
    this.#put({
      session,
      phase: phase === 'ending' || session.state === 'ending' ? 'ending' : session.state,
      // The time on air is told by the controller's clock; only the countdown is counted on this one.
      onAirAt:
        session.state === 'on-air' && this.state.value.onAirAt !== null
          ? this.state.value.onAirAt
          : known
            ? Date.now() + onAirInMs
            : null,
    });
  }

  #over(session: LiveSession): void {
    if (this.state.value.phase === 'ended') return;
    window.clearTimeout(this.#endTimer);
    window.clearTimeout(this.#narrowTimer);
    this.#line?.close();
    this.#voice?.close();
    this.capture.close();
    this.#relax?.();
    this.#put({ phase: 'ended', session, downSince: null, narrow: false });
    void answers.invalidateQueries({ queryKey: ['GET /broadcasts'] });
    void answers.invalidateQueries({ queryKey: ['GET /live'] });
  }

  #put(change: Partial<CallState>): void {
    this.state.set({ ...this.state.value, ...change });
  }
}

/** The call of this page, from the first ring until it is put away; walking to another page does not end it. */
export const callNow = new Watched<Call | null>(null);
