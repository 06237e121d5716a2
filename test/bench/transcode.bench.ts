import { spawn } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import {
  encodeCommand,
  FILES,
  type Limiting,
  type MediaCommand,
  measureCommand,
  measureLimitedCommand,
  verifyCommand,
} from '#controller/media/commands';
import { findMediaPrograms, type MediaPrograms } from '#controller/media/find';
import { firstDrive, fitsLinearly, reachableLufs } from '#controller/media/level';
import { readLoudness } from '#controller/media/loudness';
import { LibrarySite } from '../support/library-site.ts';
import { speechFile } from '../support/recordings.ts';
import type { Report } from './main.ts';

const MINUTES = 10;
const PAIRS = 3;
const LIMIT = 1.15;

/** The command as a person would type it. @returns what it wrote to its error output. */
function byHand(programs: MediaPrograms, command: MediaCommand, cwd: string): Promise<string> {
  const outputs = command.outputs.flatMap(({ options, target }) => [
    ...options,
    target === 'pipe' ? '/dev/null' : target,
  ]);
  const args = [
    ...['-hide_banner', '-nostdin', '-nostats', '-v', 'info', '-y'],
    ...command.input.options,
    ...['-i', command.input.file, '-filter_complex', command.graph],
    ...outputs,
  ];
  return new Promise((resolve, reject) => {
    // At the priority at which the library runs it, so that a busy machine is as busy for both.
    const child = spawn('nice', ['-n', '5', programs.ffmpeg, ...args], {
      cwd,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let said = '';
    child.stderr.on('data', (data) => {
      said += data;
    });
    child.on('error', reject);
    child.on('exit', (code) => (code === 0 ? resolve(said) : reject(new Error(said.slice(-1_000)))));
  });
}

/**
 * A file of ten minutes from the first byte of its upload to `ready`, against the same ffmpeg commands run by hand:
 * measure, press the peaks if they ask for it, encode, and measure the result. In turns, so that both see the same machine.
 */
export default async function transcodeBench(report: Report): Promise<void> {
  const directory = await mkdtemp(path.join(tmpdir(), 'loa-bench-transcode-'));
  const programs = await findMediaPrograms({});
  const site = await LibrarySite.start({ programs, mostMegabytes: 500 });
  try {
    await site.settled('chime-default');
    const file = await speechFile(path.join(directory, 'ten.mp3'), {
      seconds: MINUTES * 60,
      options: ['-c:a', 'libmp3lame', '-ac', '2', '-ar', '44100', '-b:a', '128k'],
    });
    const library = async (): Promise<number> => {
      const start = performance.now();
      const id = await site.library.upload(createReadStream(file), {
        filename: 'ten.mp3',
        language: 'vi',
        expectedBytes: undefined,
        by: null,
      });
      const asset = await site.settled(id);
      if (asset.state !== 'ready') throw new Error(`the bench's own file was ${asset.state}`);
      return performance.now() - start;
    };
    const hand = async (turn: number): Promise<number> => {
      const cwd = path.join(directory, `hand-${turn}`);
      await mkdir(cwd);
      await copyFile(file, path.join(cwd, FILES.source));
      const start = performance.now();
      const limit = 180 * 60 + 2;
      const source = readLoudness((await byHand(programs, measureCommand(limit), cwd)).split('\n'));
      const limiting: Limiting | null = fitsLinearly(source) ? null : firstDrive(source);
      const measured =
        limiting === null
          ? source
          : readLoudness((await byHand(programs, measureLimitedCommand(limiting, limit), cwd)).split('\n'));
      await byHand(
        programs,
        encodeCommand(measured, limiting, reachableLufs(measured), 'audio', {
          seconds: limit,
          bytes: 100_000_000,
        }),
        cwd,
      );
      await byHand(programs, verifyCommand(limit), cwd);
      return performance.now() - start;
    };
    const pairs: { hand: number; library: number }[] = [];
    for (let turn = 0; turn < PAIRS; turn += 1) {
      const first = turn % 2 === 0 ? await hand(turn) : await library();
      const second = turn % 2 === 0 ? await library() : await hand(turn);
      pairs.push(turn % 2 === 0 ? { hand: first, library: second } : { hand: second, library: first });
    }
    const ratios = pairs.map((pair) => pair.library / pair.hand).sort((a, b) => a - b);
    const ratio = ratios[Math.floor(ratios.length / 2)] ?? Number.NaN;
    report({
      name: `a ${MINUTES}-minute file through the library, of the same ffmpeg commands by hand (median of ${PAIRS})`,
      figure: Math.round(ratio * 1_000) / 1_000,
      unit: '×',
      limit: LIMIT,
      ok: ratio <= LIMIT,
    });
  } finally {
    await site.stop();
    await rm(directory, { recursive: true, force: true });
  }
}
