import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { doubleOne, dropOne } from '#firmware-sim/speaker/splice';
import { type DueLine, type Segment, Voice } from '#firmware-sim/speaker/voice';

const RATE = 48_000;
const TICK = 9_600;
/** Each sample tells its own position, so that what left can be compared with what was due. */
const CYCLE = 30_000;
const samplesFrom = (position: number, count: number): Int16Array => {
  const samples = new Int16Array(count);
  for (let index = 0; index < count; index += 1) samples[index] = (position + index) % CYCLE;
  return samples;
};

/** A card that runs fast by `ppm` against UTC, on which position 0 is due at frame `start`. */
const lineOf = (start: number, ppm = 0): DueLine => ({
  frameOf: (position) => start + position * (1 + ppm * 1e-6),
  positionAt: (frame) => (frame - start) / (1 + ppm * 1e-6),
});

/** Plays with a decoder that is always ahead. @returns how far each tick's last sample was from its line, in samples. */
function play(
  voice: Voice,
  lines: (tick: number) => DueLine,
  ticks: number,
): { errors: number[]; left: Segment[] } {
  const errors: number[] = [];
  const left: Segment[] = [];
  let written = 0;
  for (let tick = 0; tick < ticks; tick += 1) {
    const pointer = tick * TICK;
    const line = lines(tick);
    for (const segment of voice.leave(pointer, pointer, line)) {
      left.push(segment);
      const { frame, samples } = segment;
      const last = samples.length - 1;
      const wanted = line.positionAt(frame + last);
      const apart = ((samples[last] ?? 0) - (wanted % CYCLE) + CYCLE * 1.5) % CYCLE;
      errors.push(apart - CYCLE / 2);
    }
    const room = 4 * RATE - voice.held;
    voice.write(samplesFrom(written, room));
    written += room;
  }
  return { errors, left };
}

describe('a voice on the card', () => {
  test('begins with its first sample at its frame, to the sample', () => {
    fc.assert(
      fc.property(fc.double({ min: 1_000, max: 500_000, noNaN: true }), (start) => {
        const { left } = play(new Voice(), () => lineOf(start), 60);
        expect(left[0]?.frame).toBe(Math.round(start));
        expect(left[0]?.samples[0]).toBe(0);
      }),
      { numRuns: 10 },
    );
  });

  test('stays within a sample of its line while the crystals run apart by up to 200 ppm, for ten minutes', () => {
    fc.assert(
      fc.property(fc.double({ min: -200, max: 200, noNaN: true }), (ppm) => {
        const voice = new Voice();
        const { errors, left } = play(voice, () => lineOf(20_000, ppm), 3_000);
        expect(Math.max(...errors.map(Math.abs))).toBeLessThan(1.5);
        // Without a hole, and without a jump: the frames follow each other.
        for (const [index, segment] of left.slice(1).entries()) {
          const before = left[index];
          expect(segment.frame).toBe((before?.frame ?? 0) + (before?.samples.length ?? 0));
        }
        const { dropped, doubled, sought } = voice.corrections;
        expect(Math.abs(doubled - dropped - 600 * RATE * ppm * 1e-6)).toBeLessThan(20);
        expect(sought).toBe(0);
      }),
      { numRuns: 3 },
    );
  });

  test('makes up for 5 ms sample by sample within ten seconds, and for 80 ms at once', () => {
    const voice = new Voice();
    const small = play(voice, (tick) => lineOf(tick < 50 ? 20_000 : 20_240), 150);
    expect(Math.abs(small.errors.at(-1) ?? 99)).toBeLessThan(1.5);
    expect(voice.corrections).toMatchObject({ sought: 0 });
    const other = new Voice();
    const large = play(other, (tick) => lineOf(tick < 50 ? 20_000 : 20_000 - 3_840), 55);
    expect(Math.abs(large.errors.at(-1) ?? 99)).toBeLessThan(1.5);
    expect(other.corrections.sought).toBe(3_840);
  });

  test('whose first samples come too late begins further in, in step with its neighbours, and says so', () => {
    const voice = new Voice();
    const line = lineOf(5_000);
    for (let tick = 0; tick < 5; tick += 1)
      expect([...voice.leave(tick * TICK, tick * TICK, line)]).toEqual([]);
    voice.write(samplesFrom(0, RATE));
    const [first] = [...voice.leave(5 * TICK, 5 * TICK, line)];
    expect(first?.frame).toBe(4 * TICK + 480);
    expect(first?.samples[0]).toBe((4 * TICK + 480 - 5_000) % CYCLE);
    expect(voice.late).toBe(4 * TICK + 480 - 5_000);
    expect(voice.lost).toBe(0);
  });

  test('that ran dry goes on in step, and counts what was lost', () => {
    const voice = new Voice();
    const line = lineOf(100);
    voice.write(samplesFrom(0, 10_000));
    for (const tick of [1, 2, 3]) for (const _ of voice.leave(tick * TICK, tick * TICK, line));
    voice.write(samplesFrom(10_000, 3 * RATE));
    const [first] = [...voice.leave(4 * TICK, 4 * TICK, line)];
    expect(first?.frame).toBe(3 * TICK + 480);
    expect(first?.samples[0]).toBe((first?.frame ?? 0) - 100);
    expect(voice.lost).toBe(3 * TICK + 480 - 100 - 10_000);
  });
});

test('a dropped or doubled sample is no click: no step is larger than the tone itself makes', () => {
  const tone = Int16Array.from(
    { length: 960 },
    (_, index) => 20_000 * Math.sin((2 * Math.PI * 440 * index) / RATE),
  );
  const steepest = (samples: Int16Array): number => {
    let most = 0;
    for (let at = 1; at < samples.length; at += 1)
      most = Math.max(most, Math.abs((samples[at] ?? 0) - (samples[at - 1] ?? 0)));
    return most;
  };
  expect(dropOne(tone)).toHaveLength(959);
  expect(doubleOne(tone)).toHaveLength(961);
  expect(steepest(dropOne(tone))).toBeLessThanOrEqual(steepest(tone));
  expect(steepest(doubleOne(tone))).toBeLessThanOrEqual(steepest(tone));
});
