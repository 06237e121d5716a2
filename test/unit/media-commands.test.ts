import { describe, expect, test } from 'vitest';
import {
  CONTAINERS,
  encodeCommand,
  type MediaCommand,
  measureCommand,
  measureLimitedCommand,
  verifyCommand,
} from '#controller/media/commands';

const measured = { integratedLufs: -23.1, truePeakDbtp: -6, rangeLu: 4.2, thresholdLufs: -33.4 };
const commands: [string, MediaCommand][] = [
  ['measure', measureCommand(60)],
  ['measure limited', measureLimitedCommand({ driveDb: 7.1 }, 60)],
  ['encode', encodeCommand(measured, null, -16, 'audio', { seconds: 60, bytes: 1_000_000 })],
  [
    'encode limited',
    encodeCommand(measured, { driveDb: 3 }, -16, 'audio', { seconds: 60, bytes: 1_000_000 }),
  ],
  ['verify', verifyCommand(60)],
];
const optionOf = (options: readonly string[], name: string) => options[options.indexOf(name) + 1];

describe.each(commands)('ffmpeg is let near a stranger’s file only behind a fence: %s', (_name, command) => {
  test('it reads this one file, as a sound container and nothing that points elsewhere', () => {
    expect(optionOf(command.input.options, '-protocol_whitelist')).toBe('file,pipe');
    expect(optionOf(command.input.options, '-format_whitelist')).toBe(CONTAINERS.join(','));
    for (const dangerous of [
      'concat',
      'hls',
      'dash',
      'lavfi',
      'image2',
      'sdp',
      'rtsp',
      'tee',
      'ffmetadata',
    ]) {
      expect(CONTAINERS as readonly string[]).not.toContain(dangerous);
    }
    expect(Number(optionOf(command.input.options, '-max_alloc'))).toBeLessThan(1 << 30);
  });

  test('every name in it is one of ours, without a folder', () => {
    for (const file of [command.input.file, ...command.outputs.map(({ target }) => target)]) {
      expect(['source', 'rendition.ogg', 'rendition.mp3', 'pipe', '-']).toContain(file);
    }
  });

  test('what comes out is bounded in time, and what is kept also in bytes', () => {
    for (const { options, target } of command.outputs) {
      expect(optionOf(options, '-t')).toBe('60');
      if (target.startsWith('rendition')) expect(optionOf(options, '-fs')).toBe('1000000');
    }
  });
});

test('devices get what the contract promises: Opus 48 kbit/s and MP3 96 kbit/s, without the sender’s tags', () => {
  const { outputs, graph } = encodeCommand(measured, null, -16, 'audio', { seconds: 60, bytes: 1_000_000 });
  const [opus, mp3] = outputs;
  expect([optionOf(opus?.options ?? [], '-codec:a'), optionOf(opus?.options ?? [], '-b:a')]).toEqual([
    'libopus',
    '48k',
  ]);
  expect([optionOf(mp3?.options ?? [], '-codec:a'), optionOf(mp3?.options ?? [], '-b:a')]).toEqual([
    'libmp3lame',
    '96k',
  ]);
  for (const rendition of [opus, mp3]) {
    expect(optionOf(rendition?.options ?? [], '-map_metadata')).toBe('-1');
    expect(optionOf(rendition?.options ?? [], '-map_chapters')).toBe('-1');
  }
  expect(graph).toContain('loudnorm=I=-16.00:TP=-1.5:');
  expect(graph).toContain(
    'measured_I=-23.10:measured_TP=-6.00:measured_LRA=4.20:measured_thresh=-33.40:linear=true',
  );
});
