import { rm } from 'node:fs/promises';
import { account } from '../support/kill-account.ts';
import { killRun } from '../support/kill-run.ts';
import type { Report } from './main.ts';

const KILLS = 100;
const DEVICES = 3;

/** Takes some seven minutes: 100 power cuts of devices and controller behind a bad mobile network, while they play. */
export default async function kills(report: Report): Promise<void> {
  const scene = await killRun({ kills: KILLS, devices: DEVICES, seed: 20_261_123, everyMs: 3_500 });
  const found = await account(scene);
  const about = `${KILLS} kills, ${scene.lost} lost segments, ${found.stretches} stretches of sound on ${DEVICES} speakers`;
  const none = (name: string, list: readonly string[]): void => {
    for (const line of list) console.error(`  ${line}`);
    report({ name, figure: list.length, unit: '', limit: 0, ok: list.length === 0 });
  };
  none(`lost records: sound without evidence (${about})`, found.lost);
  none(`doubled records: evidence without sound, or twice (of ${found.records})`, found.doubled);
  const verdicts = Object.entries(found.verdicts).map(([name, count]) => `${name} ${count}`);
  none(`unexplained misses (of ${found.plays}: ${verdicts.join(', ')})`, found.unexplained);
  const { untoldMs } = found;
  const name = 'most of one stretch that a power cut left untold';
  report({ name, figure: untoldMs, unit: 'ms', limit: 1_700, ok: untoldMs <= 1_700 });
  const broken = found.lost.length + found.doubled.length + found.unexplained.length > 0;
  if (broken) console.error(`  everything is kept in ${scene.village.directory}`);
  else await rm(scene.village.directory, { recursive: true, force: true });
}
