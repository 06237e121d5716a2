import { describe, expect, test } from 'vitest';
import { readDeviceOptions, WrongOption } from '#firmware-sim/command-line';

const SPEAKER = ['--kind', 'speaker', '--dir', 'somewhere'];
const outputOf = (...args: string[]) => readDeviceOptions([...SPEAKER, ...args])?.output;

describe('where a speaker’s sound goes', () => {
  test.each([
    [['--output', 'alsa'], { to: 'alsa', name: 'default', channels: undefined }],
    [
      ['--output', 'alsa:plughw:CARD=Horn,DEV=0'],
      { to: 'alsa', name: 'plughw:CARD=Horn,DEV=0', channels: undefined },
    ],
    [['--output', 'alsa:hw:0', '--output-channels', '2'], { to: 'alsa', name: 'hw:0', channels: 2 }],
    [
      ['--output', 'command:ssh roof: aplay'],
      { to: 'command', command: 'ssh roof: aplay', channels: undefined },
    ],
    [[], undefined],
  ])('%j', (args, output) => {
    expect(outputOf(...args)).toEqual(output);
  });

  test.each([['alsa:'], ['command:'], ['command: '], ['pulse'], ['']])(
    '"%s" is refused with what would be right',
    (text) => {
      expect(() => outputOf('--output', text)).toThrow(WrongOption);
      expect(() => outputOf('--output', text)).toThrow(/alsa:NAME or command:/);
    },
  );

  test('a board has no sound, and the delay of an output is told with the device', () => {
    expect(() => readDeviceOptions(['--kind', 'board', '--dir', 'x', '--output', 'alsa'])).toThrow(
      /speakers/,
    );
    expect(readDeviceOptions([...SPEAKER, '--output-delay-ms', '915'])?.outputDelayMs).toBe(915);
  });
});
