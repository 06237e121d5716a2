import { describe, expect, test } from 'vitest';
import {
  firstDrive,
  fitsLinearly,
  isDriven,
  isSilent,
  nextDrive,
  reachableLufs,
} from '#controller/media/level';
import { readLoudness } from '#controller/media/loudness';

const summary = (integrated: string, peak: string) => [
  '[Parsed_ebur128_3 @ 0x5581] Summary:',
  '',
  '  Integrated loudness:',
  `    I:         ${integrated} LUFS`,
  '    Threshold: -29.6 LUFS',
  '',
  '  Loudness range:',
  '    LRA:         1.4 LU',
  '    Threshold: -39.6 LUFS',
  '    LRA low:   -20.2 LUFS',
  '    LRA high:  -18.8 LUFS',
  '',
  '  True peak:',
  `    Peak:       ${peak} dBFS`,
];

describe('the loudness that the library shows is what ffmpeg measured', () => {
  test('as it prints it', () => {
    expect(readLoudness(['Stream mapping:', ...summary('-19.3', '-0.3')])).toEqual({
      integratedLufs: -19.3,
      thresholdLufs: -29.6,
      rangeLu: 1.4,
      truePeakDbtp: -0.3,
    });
  });
  test('a title inside the file that looks like a measurement does not count', () => {
    const title = summary('-5.0', '3.0').map((line) => `    title : ${line}`);
    expect(readLoudness([...title, ...summary('-19.3', '-0.3')]).integratedLufs).toBe(-19.3);
  });
  test('silence is a measurement', () => {
    const silence = readLoudness(summary('-70.0', '-inf'));
    expect(silence.truePeakDbtp).toBe(Number.NEGATIVE_INFINITY);
    expect(isSilent(silence)).toBe(true);
  });
  test.each([
    [[]],
    [summary('nan', '0.0')],
    [summary('-19.3', 'nan')],
    [['[Parsed_ebur128_3 @ 0x1] Summary:']],
  ])('what cannot be read is an error, never 0', (log) => {
    expect(() => readLoudness(log)).toThrow();
  });
});

const loudness = (integratedLufs: number, truePeakDbtp: number, rangeLu = 5) => ({
  integratedLufs,
  truePeakDbtp,
  rangeLu,
  thresholdLufs: integratedLufs - 10,
});

describe('peaks are pressed only where they must be, and then enough', () => {
  test('a sound with low peaks is only turned up or down', () => {
    expect(fitsLinearly(loudness(-20, -6.1))).toBe(true);
    expect(fitsLinearly(loudness(-10, 0))).toBe(true);
  });
  test('a voice with high peaks is not', () => {
    expect(fitsLinearly(loudness(-19, -0.3))).toBe(false);
    expect(fitsLinearly(loudness(-20, -5.9))).toBe(false);
  });
  test('the drive is at least the gain that is missing, and grows when it was too little', () => {
    const source = loudness(-26, -5.9);
    const first = firstDrive(source);
    expect(first.driveDb).toBeGreaterThan(10);
    const limited = loudness(-17.5, -2);
    expect(isDriven(source, first, limited)).toBe(false);
    expect(nextDrive(source, first, limited).driveDb).toBeGreaterThan(first.driveDb + 1.5);
  });
  test('a little too loud is fine, for that is only turned down', () => {
    const source = loudness(-20, -2);
    for (const limited of [loudness(-15.2, -2), loudness(-16.1, -2)]) {
      expect(isDriven(source, firstDrive(source), limited)).toBe(true);
      expect(reachableLufs(limited)).toBe(-16);
    }
  });
  test('a drum is pressed by 12 dB and no more, and is then as loud as its peaks allow', () => {
    const drum = loudness(-33, -1);
    const drive = firstDrive(drum);
    expect(drive.driveDb).toBeCloseTo(11);
    const limited = loudness(-25, -2);
    expect(isDriven(drum, drive, limited)).toBe(true);
    expect(reachableLufs(limited)).toBeCloseTo(-24.75);
  });
});
