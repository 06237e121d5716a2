import { writeFile } from 'node:fs/promises';

const RATE = 48_000;
const PERIOD_MS = 1_000;
const CLICK_SAMPLES = 480;
const CLICK_HZ = 2_000;
const HUM_HZ = 400;
const HUM = 0.06;
const CLICK = 0.7;

/** One sample of a track that can be measured in: a hum that never ends, and a click in the middle of each second. */
function sampleAt(index: number): number {
  const hum = HUM * Math.sin((2 * Math.PI * HUM_HZ * index) / RATE);
  const within = (index % RATE) - RATE / 2;
  if (within < 0 || within >= CLICK_SAMPLES) return hum;
  return hum + CLICK * Math.sin((2 * Math.PI * CLICK_HZ * within) / RATE);
}

/** When clicks are spoken, ms from the beginning of the track. */
export const CLICK_AT_MS = PERIOD_MS / 2;

export async function writeClickTrack(file: string, seconds: number): Promise<void> {
  const data = Buffer.alloc(seconds * RATE * 2);
  for (let index = 0; index < seconds * RATE; index += 1) {
    data.writeInt16LE(Math.round(sampleAt(index) * 32_767), index * 2);
  }
  const header = Buffer.alloc(44);
  header.write('RIFF', 0);
  header.writeUInt32LE(36 + data.length, 4);
  header.write('WAVEfmt ', 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(RATE, 24);
  header.writeUInt32LE(RATE * 2, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36);
  header.writeUInt32LE(data.length, 40);
  await writeFile(file, Buffer.concat([header, data]));
}

const WINDOW = 48;

function strengths(samples: Int16Array, hertz: number, window: number): Float64Array {
  const result = new Float64Array(Math.floor(samples.length / window));
  for (let at = 0; at < result.length; at += 1) {
    let real = 0;
    let imaginary = 0;
    for (let index = 0; index < window; index += 1) {
      const sample = (samples[at * window + index] ?? 0) / 32_768;
      const angle = (2 * Math.PI * hertz * (at * window + index)) / RATE;
      real += sample * Math.cos(angle);
      imaginary += sample * Math.sin(angle);
    }
    result[at] = (2 * Math.hypot(real, imaginary)) / window;
  }
  return result;
}

/** The samples at which clicks begin, to a millisecond. */
export function clicksIn(samples: Int16Array): number[] {
  const strong = strengths(samples, CLICK_HZ, WINDOW);
  const loudest = strong.reduce((most, each) => Math.max(most, each), 0);
  const clicks: number[] = [];
  for (let at = 1; at < strong.length; at += 1) {
    if ((strong[at] ?? 0) < loudest / 3) continue;
    clicks.push(at * WINDOW);
    // The rest of it, and what the room of a codec makes of it.
    at += 100;
  }
  return clicks;
}

/** Stretches of at least 5 ms in which the hum is gone, between two samples; each with its length, ms. */
export function dropOutsIn(samples: Int16Array, from: number, to: number): { at: number; ms: number }[] {
  const window = 240;
  const heard = strengths(samples.subarray(from, to), HUM_HZ, window);
  const usual = [...heard].sort((a, b) => a - b)[Math.floor(heard.length / 2)] ?? 0;
  const found: { at: number; ms: number }[] = [];
  let run = 0;
  for (let at = 0; at <= heard.length; at += 1) {
    if (at < heard.length && (heard[at] ?? 0) < usual / 6) {
      run += 1;
      continue;
    }
    if (run > 0) found.push({ at: from + (at - run) * window, ms: run * 5 });
    run = 0;
  }
  return found;
}
