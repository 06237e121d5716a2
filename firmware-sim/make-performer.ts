import { join } from 'node:path';
import type { Board } from './board/board.ts';
import type { BoardDesk } from './board/board-desk.ts';
import { cableOf } from './cable.ts';
import { truthOf } from './clock-simulated.ts';
import type { Airwaves, AirwavesDesk } from './live/airwaves.ts';
import type { FullOptions } from './options.ts';
import { ffmpegDecoder, silentDecoder } from './speaker/decoder.ts';
import { findFfmpeg } from './speaker/ffmpeg.ts';
import { makeCard } from './speaker/output.ts';
import { slowed } from './speaker/slow-decoder.ts';
import { Speaker, type SpeakerDesk } from './speaker/speaker.ts';
import { TruthCard } from './speaker/truth-card.ts';
import { makeDirectory } from './whole-file.ts';

type Made = 'card' | 'horn' | 'wavDir' | 'simulatorsTruth' | 'openDecoder' | 'airwaves' | 'liveTickMs';
type MadeForBoards =
  | 'panel'
  | 'matrix'
  | 'condition'
  | 'sensor'
  | 'ffmpeg'
  | 'frameMs'
  | 'pictureSpreadMs'
  | 'onPageTurn';
type Common = Omit<SpeakerDesk, Made> &
  Omit<BoardDesk, MadeForBoards> &
  Pick<AirwavesDesk, 'http' | 'bearer' | 'controllerKey'>;

/** Of a fleet in one process: a frame a second, no films, and its pictures one after the other. */
const FLEET_FRAME_MS = 1_000;
const FLEET_PICTURES_MS = 20_000;
const FRAME_MS = 1_000 / 60;

/** Live sound is looked after this often; in fleets, where nobody hears it, seldom. */
const LIVE_TICK_MS = { ffmpeg: 10, silent: 100 };

/** What listens is loaded by who can. */
async function airwavesOf(
  { ca, dir, decoder }: FullOptions,
  { http, bearer, controllerKey, clock, fault }: Common,
  marginOf: AirwavesDesk['marginOf'],
): Promise<Airwaves> {
  const { Airwaves } = await import('./live/airwaves.ts');
  const silent = decoder === 'silent';
  const onTrouble = (detail: string): void => fault('live-failed', detail);
  const desk = { http, bearer, controllerKey, clock, ca, cable: cableOf(dir), silent, marginOf, onTrouble };
  return new Airwaves(desk);
}

/** What this device sounds or lights up with, by its options. @throws when there is no ffmpeg to be found. */
export async function makePerformer(
  options: FullOptions,
  live: boolean,
  common: Common,
): Promise<Speaker | Board> {
  const { kind, dir, wav, decoder, ffmpeg } = options;
  if (kind === 'board') {
    // A speaker on a small board has no memory to spare for what draws letters.
    const board = await import('./board/board.ts');
    const { panel, matrix, panelCondition: condition, lightSensor: sensor, onPageTurn } = options;
    const alone = decoder === 'ffmpeg';
    return new board.Board({
      ...{ ...common, panel, matrix, condition, sensor, onPageTurn },
      ffmpeg: alone ? () => findFfmpeg(ffmpeg) : null,
      frameMs: alone ? FRAME_MS : FLEET_FRAME_MS,
      pictureSpreadMs: alone ? 0 : FLEET_PICTURES_MS,
    });
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
  const airwaves = live ? await airwavesOf(options, common, (heardAt) => speaker.marginOf(heardAt)) : null;
  const made = { card, horn, wavDir, simulatorsTruth, openDecoder, airwaves };
  const speaker: Speaker = new Speaker({ ...common, ...made, liveTickMs: LIVE_TICK_MS[decoder] });
  return speaker;
}
