import { open } from 'node:fs/promises';
import { parentPort, workerData } from 'node:worker_threads';
import ESpeakNg from 'espeak-ng';
import { WAV_HEADER_BYTES, wavHeader } from '../media/wav-header.ts';
import type { SpeechTask, Spoken } from './task.ts';

const say = (message: Spoken): void => parentPort?.postMessage(message);

/** Of what eSpeak writes: 22.05 kHz, 16 bit, one channel, and a header of 44 bytes. */
const RATE = 22_050;

/** One run of the engine. @returns the samples. */
async function utter(text: string, voice: string, wordsPerMinute: number): Promise<Buffer> {
  const complaints: string[] = [];
  const run = await ESpeakNg({
    // The text goes in as a file: as an argument it could begin with a dash, and its length would be limited.
    arguments: ['-v', voice, '-s', String(wordsPerMinute), '-b', '1', '-f', 'text', '-w', 'sound'],
    preRun: [({ FS }) => FS.writeFile('text', text)],
    printErr: (line) => complaints.push(line),
  });
  let sound: Buffer;
  try {
    sound = Buffer.from(run.FS.readFile('sound'));
  } catch {
    throw new Error(`the voice ${voice} made no sound: ${complaints[0] ?? 'it gave no reason'}`);
  }
  if (sound.readUInt32LE(24) !== RATE || sound.readUInt16LE(22) !== 1 || sound.readUInt16LE(34) !== 16) {
    throw new Error('the engine wrote an unexpected kind of WAV');
  }
  return sound.subarray(WAV_HEADER_BYTES);
}

/** Sentence by sentence to the disk, so that memory does not grow with the text. */
async function speak({
  file,
  stretches,
  voice,
  wordsPerMinute,
}: Extract<SpeechTask, { kind: 'speak' }>): Promise<void> {
  const out = await open(file, 'w');
  try {
    let bytes = 0;
    await out.write(wavHeader(RATE, 0), 0, WAV_HEADER_BYTES, 0);
    for (const [index, text] of stretches.entries()) {
      const samples = await utter(text, voice, wordsPerMinute);
      await out.write(samples, 0, samples.length, WAV_HEADER_BYTES + bytes);
      bytes += samples.length;
      say({ kind: 'progress', ratio: (index + 1) / stretches.length });
    }
    await out.write(wavHeader(RATE, bytes), 0, WAV_HEADER_BYTES, 0);
    await out.sync();
  } finally {
    await out.close();
  }
}

/** The table that eSpeak prints, second column; and the wider names that a voice also answers to. */
async function languages(): Promise<string[]> {
  const lines: string[] = [];
  await ESpeakNg({ arguments: ['--voices'], print: (line) => lines.push(line), printErr: () => {} });
  return lines.slice(1).flatMap((line) => {
    const name = line.trim().split(/\s+/)[1];
    const others = [...line.matchAll(/\(([a-z-]+) \d+\)/g)].flatMap(([, other]) => other ?? []);
    return name === undefined ? others : [name, ...others];
  });
}

const task: SpeechTask = workerData;
try {
  if (task.kind === 'languages') say({ kind: 'languages', names: await languages() });
  else {
    await speak(task);
    say({ kind: 'done' });
  }
} catch (error) {
  say({ kind: 'failed', reason: error instanceof Error ? error.message : String(error) });
}
