import { Watched } from '../../../live/store.ts';
import { LevelWatch } from './level.ts';
import tapAddress from './tap.worklet.ts?worker&url';

export type Block = Float32Array<ArrayBuffer>;
/** What codecs of speech are made for. */
const RATE = 48_000;
const BLOCKS_A_SECOND = 100;

/** What the microphone is doing beside being heard. */
export type Hush = 'none' | 'interrupted' | 'unplugged';
interface CaptureState {
  readonly deviceId: string;
  readonly label: string;
  /** `interrupted`: the system took it for a while, for a telephone call; `unplugged`: it is gone. */
  readonly hush: Hush;
}
export interface Wish {
  /** Null: whichever the system prefers. */
  readonly deviceId: string | null;
  /** Whether the browser takes away noise and evens out loudness. */
  readonly polished: boolean;
}

/**
 * An open microphone: blocks of ten milliseconds and how loud they are. Changing the device does not interrupt the
 * blocks; while none speaks they are silence.
 */
export class Capture {
  readonly state: Watched<CaptureState>;
  readonly level: LevelWatch;
  readonly rate: number;
  /** Who gets the blocks; nobody keeps what comes while there is no one. */
  listener: ((block: Block) => void) | null = null;
  readonly #context: AudioContext;
  readonly #tap: AudioWorkletNode;
  #wish: Wish;
  #stream: MediaStream;
  #source: MediaStreamAudioSourceNode;
  #closed = false;

  private constructor(context: AudioContext, stream: MediaStream, wish: Wish) {
    this.#wish = wish;
    this.#context = context;
    this.rate = context.sampleRate;
    this.level = new LevelWatch(this.rate);
    this.#tap = new AudioWorkletNode(context, 'loa-tap', {
      numberOfInputs: 1,
      numberOfOutputs: 1,
      channelCount: 1,
      channelCountMode: 'explicit',
      processorOptions: { blockSamples: Math.round(this.rate / BLOCKS_A_SECOND) },
    });
    this.#tap.port.onmessage = ({ data }: MessageEvent<Block>) => {
      this.level.feed(data);
      this.listener?.(data);
    };
    // Some browsers only run what leads to the output; what it puts out is silence.
    this.#tap.connect(context.destination);
    this.#stream = stream;
    this.#source = context.createMediaStreamSource(stream);
    this.#source.connect(this.#tap);
    this.state = new Watched<CaptureState>(this.#follow(stream));
  }

  /**
   * Asks for the microphone; the browser asks the person.
   * @throws DOMException as `getUserMedia` does.
   */
  static async open(wish: Wish): Promise<Capture> {
    const stream = await streamOf(wish);
    try {
      // Firefox joins a stream to a context of the microphone's own rate only.
      return await Capture.#of(stream, wish, RATE).catch(() => Capture.#of(stream, wish, undefined));
    } catch (error) {
      letGo(stream);
      throw error;
    }
  }

  static async #of(stream: MediaStream, wish: Wish, sampleRate: number | undefined): Promise<Capture> {
    const context = new AudioContext({
      latencyHint: 'interactive',
      ...(sampleRate === undefined ? {} : { sampleRate }),
    });
    try {
      await context.audioWorklet.addModule(tapAddress);
      const capture = new Capture(context, stream, wish);
      await context.resume();
      return capture;
    } catch (error) {
      await context.close();
      throw error;
    }
  }

  /** Goes on with another microphone. @throws DOMException; the present one stays then. */
  async change(change: Partial<Wish>): Promise<void> {
    const wish = { ...this.#wish, ...change };
    const stream = await streamOf(wish);
    // Closed while the browser was asking: nobody would ever let go of what it opened.
    if (this.#closed) {
      letGo(stream);
      return;
    }
    let source: MediaStreamAudioSourceNode;
    try {
      source = this.#context.createMediaStreamSource(stream);
    } catch (error) {
      letGo(stream);
      throw error;
    }
    this.#wish = wish;
    this.#source.disconnect();
    letGo(this.#stream);
    source.connect(this.#tap);
    this.#source = source;
    this.#stream = stream;
    this.state.set(this.#follow(stream));
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.listener = null;
    letGo(this.#stream);
    this.#source.disconnect();
    this.#tap.port.onmessage = null;
    void this.#context.close();
  }

  #follow(stream: MediaStream): CaptureState {
    const [track] = stream.getAudioTracks();
    if (track === undefined) throw new DOMException('The stream has no sound', 'NotFoundError');
    const say = (hush: Hush) => {
      if (this.#stream === stream) this.state.set({ ...this.state.value, hush });
    };
    track.onmute = () => say('interrupted');
    track.onunmute = () => {
      say('none');
      // iOS stops the context with the call and does not start it again by itself.
      if (!this.#closed) void this.#context.resume();
    };
    track.onended = () => say('unplugged');
    return {
      deviceId: track.getSettings().deviceId ?? '',
      label: track.label,
      hush: track.muted ? 'interrupted' : 'none',
    };
  }
}

function letGo(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}

const streamOf = ({ deviceId, polished }: Wish): Promise<MediaStream> =>
  navigator.mediaDevices.getUserMedia({
    audio: {
      ...(deviceId === null ? {} : { deviceId: { exact: deviceId } }),
      channelCount: 1,
      // It only knows what this browser itself plays: a horn in the square it cannot take away, and a phone would
      // switch to the narrow sound of its calls.
      echoCancellation: false,
      noiseSuppression: polished,
      autoGainControl: polished,
    },
  });
