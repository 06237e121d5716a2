import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { findFfmpeg } from '#firmware-sim/speaker/ffmpeg';
import { memoryOf } from '../support/memory.ts';
import {
  holdsPlanWith,
  programmeOf,
  scheduleOnceAt,
  secondsFromNow,
  uploadReady,
} from '../support/schedule.ts';
import { until } from '../support/until.ts';
import { Village } from '../support/village.ts';
import { laterBy, VirtualCard, virtualCards } from '../support/virtual-card.ts';
import type { Report } from './main.ts';

/** What the crystals of the cards are off by; all of them hang on one machine, whose clock is the true time. */
const CRYSTALS = [100, -100, 50, -50];
/** As `npm run device` runs it. */
const FRUGAL = { MALLOC_ARENA_MAX: '1' };
const FLAGS = ['--max-semi-space-size=1', '--optimize-for-size'];
const SECONDS = Number(process.env.LOA_REAL_CARD_SECONDS ?? 60);

/**
 * Speakers in separate processes play a scheduled programme through ALSA on virtual sound cards whose output is written
 * down with its true time; the same sound is looked for in all of them, second by second. The virtual card is an ALSA
 * plugin that is not part of this project: `LOA_VIRTUAL_CARD` names the folder with `libasound_module_pcm_vcard.so`.
 */
export default async function realCard(report: Report): Promise<void> {
  const library = process.env.LOA_VIRTUAL_CARD;
  if (library === undefined) {
    console.error('not measured: LOA_VIRTUAL_CARD does not name the folder of the virtual sound card');
    return;
  }
  const village = await Village.start();
  const { client, directory } = village;
  try {
    const config = await virtualCards(path.resolve(library), directory);
    const cards = CRYSTALS.map(
      (ppm, index) => new VirtualCard(config, path.join(directory, `card${index}`), ppm),
    );
    const speakers = [];
    for (const [index, { env }] of cards.entries()) {
      const args = ['--kind', 'speaker', '--output', 'alsa:vcard'];
      speakers.push(
        await village.addDevice(`Loa ${index + 1}`, args, { env: { ...env, ...FRUGAL }, flags: FLAGS }),
      );
    }
    const source = path.join(directory, 'noise.wav');
    const noise = `anoisesrc=color=pink:seed=7:amplitude=0.5:sample_rate=48000:duration=${SECONDS}`;
    await promisify(execFile)(await findFfmpeg(undefined), [
      '-v',
      'error',
      '-f',
      'lavfi',
      '-i',
      noise,
      source,
    ]);
    const programme = await programmeOf(client, await uploadReady(client, source, 'noise.wav'), 'Tiếng ồn');
    const at = secondsFromNow(25_000);
    const schedule = await scheduleOnceAt(client, at, { kind: 'programme', id: programme });
    for (const { id } of speakers) await holdsPlanWith(client, id, schedule);
    await until('the middle of the programme', () => Date.now() > at + (SECONDS * 1000) / 2, 900_000);
    const memory = await Promise.all(speakers.map(({ program }) => memoryOf(program.pid ?? 0)));
    await until(
      'every speaker to have proven its play',
      async () => {
        const { items } = await client.call('GET /plays', { query: { from: at, to: at + 1 } });
        return items.length === cards.length && items.every(({ verdict }) => verdict === 'played');
      },
      SECONDS * 1_000 + 120_000,
    );
    // The true time of the due moment, by the clock of the virtual cards.
    const due = Number(process.hrtime.bigint()) / 1e6 - (Date.now() - at);
    await Promise.all(speakers.map(({ program }) => program.stop()));
    for (const card of cards) await card.read();
    tell(report, cards, due);
    report({
      name: 'memory of one speaker while it plays, its decoder apart',
      ...limited(Math.max(...memory.map(({ rssMb }) => rssMb)), 'MB', 100),
    });
  } finally {
    await village.stop();
  }
}

function tell(report: Report, cards: readonly VirtualCard[], due: number): void {
  const [first, ...others] = cards;
  if (first === undefined) return;
  const spreads: number[] = [];
  let lost = 0;
  for (let second = 0; second < SECONDS - 1; second += 1) {
    const frame = first.firstSound + 4_800 + second * 48_000;
    const laters = others.map((other) => laterBy(first, frame, other));
    const found = laters.filter((later) => later !== null);
    lost += laters.length - found.length;
    spreads.push(Math.max(0, ...found) - Math.min(0, ...found));
  }
  const start = spreads.slice(0, 3);
  spreads.sort((one, another) => one - another);
  const many = `${cards.length} speakers on ALSA cards, crystals off by ${CRYSTALS.join(', ')} ppm`;
  const p95 = spreads[Math.ceil(spreads.length * 0.95) - 1] ?? Number.NaN;
  report({ name: `skew between ${many}, p95 over ${SECONDS} s`, ...limited(p95, 'ms', 0.3) });
  report({ name: 'the same, the worst second', ...limited(spreads.at(-1) ?? Number.NaN, 'ms', 1) });
  report({ name: 'the same, in the first three seconds', ...limited(Math.max(...start), 'ms', 0.3) });
  report({ name: 'seconds in which a card did not have the sound of the others', ...limited(lost, '', 0) });
  const starts = cards.map((card) => Math.abs(card.momentOf(card.firstSound) - due));
  report({
    name: 'first sound from its due time, the worst card',
    ...limited(Math.max(...starts), 'ms', 20),
  });
  const dry = cards.flatMap(({ dryAt }) => dryAt.map((ms) => (ms - due) / 1_000));
  if (dry.length > 0)
    console.error(`ran dry, seconds from the start: ${dry.map((s) => s.toFixed(1)).join(', ')}`);
  const playing = dry.filter((second) => second > 0 && second < SECONDS);
  report({ name: 'times that a card ran dry while it played', ...limited(playing.length, '', 0) });
}

const limited = (figure: number, unit: string, limit: number) => ({
  figure,
  unit,
  limit,
  ok: figure <= limit,
});
