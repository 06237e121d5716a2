import { type ChildProcess, spawn } from 'node:child_process';
import type { MediaPrograms } from './find.ts';

/** Samples of one channel, little-endian 16 bit, to Opus in Ogg, each packet on its way as soon as it is made. */
export const liveOpusArguments = (sampleRate: number): readonly string[] => [
  ...['-hide_banner', '-nostdin', '-nostats', '-v', 'error'],
  ...['-probesize', '32', '-analyzeduration', '0', '-fflags', 'nobuffer'],
  ...['-f', 's16le', '-ar', String(sampleRate), '-ac', '1', '-i', 'pipe:0'],
  ...['-ar', '48000', '-codec:a', 'libopus', '-application', 'lowdelay', '-frame_duration', '20'],
  ...['-b:a', '40k', '-vbr', 'on', '-flush_packets', '1', '-page_duration', '20000', '-f', 'ogg', 'pipe:1'],
];

/** So much is not left lying for an encoder that stands still: a second or so of samples. */
const MOST_WAITING_BYTES = 192_000;

/** One ffmpeg for as long as somebody speaks, for browsers that have no encoder of their own. */
export class LiveEncoder {
  readonly #process: ChildProcess;

  /** @param onOgg takes what comes out. @param onEnd is called once when it has ended, with its last words. */
  constructor(
    { ffmpeg }: Pick<MediaPrograms, 'ffmpeg'>,
    sampleRate: number,
    events: { readonly onOgg: (bytes: Buffer) => void; readonly onEnd: (complaint: string) => void },
  ) {
    const child = spawn(ffmpeg, [...liveOpusArguments(sampleRate)], { stdio: ['pipe', 'pipe', 'pipe'] });
    let complaint = '';
    child.stdout.on('data', events.onOgg);
    child.stderr.on('data', (text: Buffer) => {
      complaint = (complaint + text.toString()).slice(-1_000);
    });
    // It may be gone already when the last samples come.
    child.stdin.on('error', () => {});
    child.on('error', (error) => {
      complaint ||= error.message;
    });
    child.once('close', () => events.onEnd(complaint));
    this.#process = child;
  }

  /** @returns false when the encoder does not keep up: the samples are lost. */
  take(samples: Uint8Array): boolean {
    const { stdin } = this.#process;
    if (stdin === null || !stdin.writable || stdin.writableLength > MOST_WAITING_BYTES) return false;
    stdin.write(samples);
    return true;
  }

  stop(): void {
    this.#process.stdin?.end();
    this.#process.kill('SIGKILL');
  }
}
