import { describe, expect, test } from 'vitest';
import { LoudnessRider } from '#controller/relay/loudness-rider';

/** Seconds of a 1 kHz sine, which by the standard is as loud in LUFS as its peak in dBFS less 3. */
function ride(rider: LoudnessRider, seconds: number, dbfs: number): { gains: number[]; levels: number[] } {
  const gains: number[] = [];
  const levels: number[] = [];
  for (let frame = 0; frame < seconds * 50; frame += 1) {
    const samples = Float32Array.from({ length: 960 }, (_value, index) => {
      return 10 ** (dbfs / 20) * Math.sin((2 * Math.PI * 1_000 * (frame * 960 + index)) / 48_000);
    });
    rider.apply(samples);
    gains.push(rider.gainDb);
    levels.push(
      10 * Math.log10(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length + 1e-12),
    );
  }
  return { gains, levels };
}

describe('a stream comes out as loud as everything else of the station', () => {
  test.each([-30, -20, -6])('when it peaks at %d dBFS', (dbfs) => {
    const rider = new LoudnessRider(-16);
    const { levels } = ride(rider, 20, dbfs);
    // A sine of 1 kHz: LUFS = RMS in dBFS, as K-weighting and the offset cancel out there.
    expect(levels.at(-1)).toBeGreaterThan(-17);
    expect(levels.at(-1)).toBeLessThan(-15);
  });
});

test('silence and hum are not turned up', () => {
  const rider = new LoudnessRider(-16);
  const { gains } = ride(rider, 30, -65);
  expect(gains.at(-1)).toBe(0);
});

test('nobody hears the knob: after the first seconds it moves by half a decibel a second, or three when it is too loud', () => {
  const rider = new LoudnessRider(-16);
  ride(rider, 20, -20);
  const quiet = ride(rider, 10, -32).gains;
  expect(Math.max(...quiet.map((gain, index) => gain - (quiet[index - 1] ?? gain)))).toBeLessThanOrEqual(
    0.0101,
  );
  const loud = ride(rider, 10, 0).gains;
  expect(Math.max(...loud.map((gain, index) => (loud[index - 1] ?? gain) - gain))).toBeLessThanOrEqual(
    0.0601,
  );
});
