import { join } from 'node:path';
import type { BoardDesk } from './board/board.ts';
import { Board } from './board/board.ts';
import type { FullOptions } from './options.ts';
import { ffmpegDecoder, silentDecoder } from './speaker/decoder.ts';
import { findFfmpeg } from './speaker/ffmpeg.ts';
import { SoundCard } from './speaker/sound-card.ts';
import { Speaker, type SpeakerDesk } from './speaker/speaker.ts';
import { makeDirectory } from './whole-file.ts';

type Common = Omit<SpeakerDesk, 'card' | 'wavDir' | 'openDecoder'> & Omit<BoardDesk, 'panel'>;

/** What this device sounds or lights up with, by its options. @throws when there is no ffmpeg to be found. */
export async function makePerformer(options: FullOptions, common: Common): Promise<Speaker | Board> {
  const { kind, dir, panel, wav, decoder, ffmpeg } = options;
  if (kind === 'board') return new Board({ ...common, panel });
  const wavDir = wav ? join(dir, 'wav') : null;
  if (wavDir !== null) await makeDirectory(wavDir);
  const openDecoder = decoder === 'silent' ? silentDecoder : ffmpegDecoder(await findFfmpeg(ffmpeg));
  const card = new SoundCard(common.clock.base, options.cardPpm);
  return new Speaker({ ...common, card, wavDir, openDecoder });
}
