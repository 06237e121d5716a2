import type { Block } from './capture.ts';
import { wholeNumbers } from './whole-numbers.ts';

/** Turns blocks of samples into packets. */
export interface Voice {
  readonly codec: 'opus' | 'pcm';
  readonly sampleRate: number;
  readonly frameMs: number;
  encode(block: Block): void;
  /** Everything that was encoded is delivered when this resolves. */
  flush(): Promise<void>;
  close(): void;
}

export interface VoiceWish {
  readonly frameMs: 10 | 20;
  readonly bitrate: number;
  /** `lowdelay` leaves out what looks ahead; `voip` is made for speech. */
  readonly application: 'lowdelay' | 'voip';
}
/** What is said live: some 60 bytes in each packet of 10 ms. */
export const LIVE_VOICE: VoiceWish = { frameMs: 10, bitrate: 48_000, application: 'lowdelay' };
/** What is recorded: there is time. */
export const RECORDED_VOICE: VoiceWish = { frameMs: 20, bitrate: 64_000, application: 'voip' };

const OPUS_RATE = 48_000;

/** Opus where the browser has an encoder, else plain samples. @param rate of the blocks, Hz. */
export async function voiceFor(
  rate: number,
  wish: VoiceWish,
  deliver: (packet: Uint8Array<ArrayBuffer>) => void,
  failed: (error: Error) => void,
): Promise<Voice> {
  const config = rate === OPUS_RATE ? await opusConfig(wish) : null;
  return config === null ? plainVoice(rate, deliver) : opusVoice(config, deliver, failed);
}

type OpusConfig = AudioEncoderConfig & { readonly frameMs: number };

/** The first of these that the browser can do; null when it has no Opus encoder at all. */
async function opusConfig({ frameMs, bitrate, application }: VoiceWish): Promise<OpusConfig | null> {
  if (typeof AudioEncoder === 'undefined') return null;
  const plain = { codec: 'opus', sampleRate: OPUS_RATE, numberOfChannels: 1, bitrate };
  // `application` is newer than TypeScript's library, and than some browsers: those ignore it.
  const chosen = { frameDuration: frameMs * 1_000, application };
  const wishes: OpusConfig[] = [
    { ...plain, opus: chosen, frameMs },
    { ...plain, opus: { frameDuration: 20_000 }, frameMs: 20 },
    { ...plain, frameMs: 20 },
  ];
  for (const { frameMs: length, ...config } of wishes) {
    const { supported } = await AudioEncoder.isConfigSupported(config).catch(() => ({ supported: false }));
    if (supported === true) return { ...config, frameMs: length };
  }
  return null;
}

function opusVoice(
  { frameMs, ...config }: OpusConfig,
  deliver: (packet: Uint8Array<ArrayBuffer>) => void,
  failed: (error: Error) => void,
): Voice {
  const encoder = new AudioEncoder({
    output: (chunk) => {
      const packet = new Uint8Array(chunk.byteLength);
      chunk.copyTo(packet);
      deliver(packet);
    },
    error: failed,
  });
  encoder.configure(config);
  let samples = 0;
  return {
    codec: 'opus',
    sampleRate: OPUS_RATE,
    frameMs,
    encode: (block) => {
      if (encoder.state !== 'configured') return;
      const data = new AudioData({
        format: 'f32-planar',
        sampleRate: OPUS_RATE,
        numberOfFrames: block.length,
        numberOfChannels: 1,
        timestamp: Math.round((samples * 1e6) / OPUS_RATE),
        data: block,
      });
      samples += block.length;
      encoder.encode(data);
      data.close();
    },
    flush: () => (encoder.state === 'configured' ? encoder.flush() : Promise.resolve()),
    close: () => {
      if (encoder.state !== 'closed') encoder.close();
    },
  };
}

function plainVoice(rate: number, deliver: (packet: Uint8Array<ArrayBuffer>) => void): Voice {
  return {
    codec: 'pcm',
    sampleRate: rate,
    frameMs: 10,
    encode: (block) => deliver(wholeNumbers(block)),
    flush: () => Promise.resolve(),
    close: () => {},
  };
}
