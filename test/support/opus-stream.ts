import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findFfmpeg } from '#firmware-sim/speaker/ffmpeg';
import { wavHeader } from '#firmware-sim/speaker/wav';

export interface OpusStream {
  readonly packets: readonly Uint8Array[];
  /** The encoder looks ahead: so much that comes out at first is none of the sound, ms. */
  readonly lookAheadMs: number;
}

/** Sound as Opus packets of 20 ms, made by the real encoder. @param samples 48 kHz, one channel. */
export async function opusPackets(samples: Int16Array): Promise<OpusStream> {
  const dir = await mkdtemp(join(tmpdir(), 'loa-opus-'));
  const [wav, ogg] = [join(dir, 'in.wav'), join(dir, 'out.ogg')];
  const bytes = Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength);
  await writeFile(wav, Buffer.concat([wavHeader(samples.length), bytes]));
  const codec = ['-c:a', 'libopus', '-b:a', '64k', '-vbr', 'off', '-application', 'lowdelay'];
  await promisify(execFile)(await findFfmpeg(undefined), [
    ...['-v', 'error', '-i', wav, ...codec, '-frame_duration', '20', ogg],
  ]);
  // The first two are the headers of the container (RFC 7845).
  const [head, , ...packets] = packetsOf(await readFile(ogg));
  await rm(dir, { recursive: true });
  if (head === undefined) throw new Error('the encoder gave nothing');
  return { packets, lookAheadMs: new DataView(head.buffer).getUint16(10, true) / 48 };
}

/** The packets of an Ogg file with one stream (RFC 3533). */
function packetsOf(file: Buffer): Uint8Array[] {
  const packets: Uint8Array[] = [];
  let pieces: Buffer[] = [];
  for (let page = 0; page < file.length; ) {
    const segments = file.readUInt8(page + 26);
    let at = page + 27 + segments;
    for (const length of file.subarray(page + 27, page + 27 + segments)) {
      pieces.push(file.subarray(at, at + length));
      at += length;
      if (length === 255) continue;
      packets.push(new Uint8Array(Buffer.concat(pieces)));
      pieces = [];
    }
    page = at;
  }
  return packets;
}

/** Silence with a short loud burst at every so many ms. */
export function clicks(seconds: number, everyMs: number): Int16Array {
  const samples = new Int16Array(seconds * 48_000);
  for (let at = everyMs * 24; at + 96 < samples.length; at += everyMs * 48) {
    for (let index = 0; index < 96; index += 1)
      samples[at + index] = Math.round(24_000 * Math.sin((Math.PI * index) / 12));
  }
  return samples;
}

/** Where the clicks of {@link clicks} begin, in samples, to the nearest. */
export function onsets(samples: Int16Array, threshold = 6_000): number[] {
  const found: number[] = [];
  let quietUntil = 0;
  for (let at = 0; at < samples.length; at += 1) {
    if (at < quietUntil || Math.abs(samples[at] ?? 0) < threshold) continue;
    found.push(at);
    quietUntil = at + 4_800;
  }
  return found;
}

export function sine(seconds: number, frequency: number, peak = 12_000): Int16Array {
  const samples = new Int16Array(seconds * 48_000);
  for (let at = 0; at < samples.length; at += 1)
    samples[at] = Math.round(peak * Math.sin((2 * Math.PI * frequency * at) / 48_000));
  return samples;
}
