import { join } from 'node:path';
import type { Board, BoardDesk } from './board/board.ts';
import { truthOf } from './clock-simulated.ts';
import type { FullOptions } from './options.ts';
import { ffmpegDecoder, silentDecoder } from './speaker/decoder.ts';
import { findFfmpeg } from './speaker/ffmpeg.ts';
import { makeCard } from './speaker/output.ts';
import { slowed } from './speaker/slow-decoder.ts';
import { Speaker, type SpeakerDesk } from './speaker/speaker.ts';
import { TruthCard } from './speaker/truth-card.ts';
import { makeDirectory } from './whole-file.ts';

type Common = Omit<SpeakerDesk, 'card' | 'horn' | 'wavDir' | 'simulatorsTruth' | 'openDecoder'> &
  Omit<BoardDesk, 'panel'>;

/** What this device sounds or lights up with, by its options. @throws when there is no ffmpeg to be found. */
export async function makePerformer(options: FullOptions, common: Common): Promise<Speaker | Board> {
  const { kind, dir, panel, wav, decoder, ffmpeg } = options;
  if (kind === 'board') {
    // A speaker on a small board has no memory to spare for what draws letters.
    const board = await import('./board/board.ts');
    return new board.Board({ ...common, panel });
  }
  const wavDir = wav ? join(dir, 'wav') : null;
  if (wavDir !== null) await makeDirectory(wavDir);
  const decode = decoder === 'silent' ? silentDecoder : ffmpegDecoder(await findFfmpeg(ffmpeg));
  const openDecoder = options.faults.length === 0 ? decode : slowed(decode, options.brake);
  const { output, cardPpm } = options;
  const clock = common.clock.base;
  const bare = await makeCard(output, { clock, cardPpm, fault: common.fault });
  const card = options.truth === undefined ? bare : new TruthCard(bare, clock, options.truth);
  const { amplifier, microphone } = options;
  const truth = output.to === 'nowhere' ? truthOf(clock) : null;
  const simulatorsTruth = truth === null ? null : (frame: number) => truth(bare.monotonicAt(frame));
  const horn = { amplifier, microphone };
  return new Speaker({ ...common, card, horn, wavDir, simulatorsTruth, openDecoder });
}
