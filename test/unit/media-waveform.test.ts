import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MOST_PEAKS, Waveform } from '#controller/media/waveform';

/** All at once, with everything in memory. */
function drawn(samples: readonly number[]): number[] {
  let stride = 80;
  while (Math.floor(samples.length / stride) >= MOST_PEAKS - 1) stride *= 2;
  const peaks: number[] = [];
  for (let at = 0; at < samples.length; at += stride) {
    const peak = samples.slice(at, at + stride).reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
    peaks.push(Math.min(255, Math.round((peak / 32_768) * 255)));
  }
  return peaks;
}

function streamed(samples: readonly number[], cuts: readonly number[]): Waveform {
  const bytes = Buffer.alloc(samples.length * 2);
  for (const [index, sample] of samples.entries()) bytes.writeInt16LE(sample, index * 2);
  const waveform = new Waveform();
  let from = 0;
  for (const cut of [
    ...cuts.map((share) => Math.floor(share * bytes.length)).sort((a, b) => a - b),
    bytes.length,
  ]) {
    waveform.write(bytes.subarray(from, cut));
    from = cut;
  }
  return waveform;
}

test('the waveform shows every bang of the recording, however its bytes arrive', () => {
  const sample = fc.integer({ min: -32_768, max: 32_767 });
  const cuts = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 8 });
  fc.assert(
    fc.property(fc.array(sample, { maxLength: 2_000 }), cuts, (samples, at) => {
      const waveform = streamed(samples, at);
      expect([...waveform.peaks]).toEqual(drawn(samples));
      expect(waveform.samples).toBe(samples.length);
    }),
  );
});

test.each([159_839, 159_840, 159_919, 159_920, 159_921, 320_000, 700_001])(
  'a long one is drawn with no more points than the screen has, and as truly (%i samples)',
  (length) => {
    const samples = Array.from({ length }, (_, index) => ((index * 7_919) % 65_536) - 32_768);
    samples[length - 1] = 32_767;
    const { peaks } = streamed(samples, [0.33, 0.66]);
    expect(peaks.length).toBeLessThanOrEqual(MOST_PEAKS);
    expect([...peaks]).toEqual(drawn(samples));
  },
);
