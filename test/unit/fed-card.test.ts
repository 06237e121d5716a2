import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { CardLine } from '#firmware-sim/speaker/card-line';
import { FedCard } from '#firmware-sim/speaker/fed-card';
import { Gaps } from '#firmware-sim/speaker/gaps';
import { MixingRing } from '#firmware-sim/speaker/mixing-ring';
import { Dry, type Outlet } from '#firmware-sim/speaker/outlet';

const HELD = 12_000;

/** Sound hardware with a crystal of its own; what leaves it is kept with the moment at which it left. */
class Hardware implements Outlet {
  readonly settleMs = 120;
  readonly ppm: number;
  /** Each run: when its first frame left, and everything that was written to it. */
  readonly runs: { startMs: number; length: number; marks: { index: number; sample: number }[] }[] = [];
  plugged = true;
  /** It moves its position in steps of so many frames, as many cards do. */
  step = 1;
  held = HELD;
  /** Something in it swallowed so many frames. */
  swallowed = 0;

  constructor(ppm: number) {
    this.ppm = ppm;
  }
  async open(): Promise<void> {
    this.#alive();
  }
  prepare(): void {
    this.#alive();
    this.runs.push({ startMs: performance.now(), length: 0, marks: [] });
    this.swallowed = 0;
  }
  hold(ms: number | null): void {
    this.held = ms === null ? HELD : ms * 48;
  }
  room(nowMs: number): number {
    return this.held - ((this.runs.at(-1)?.length ?? 0) - this.left(nowMs));
  }
  write(samples: Int16Array): number {
    this.#alive();
    const run = this.runs.at(-1);
    if (run === undefined) return 0;
    samples.forEach((sample, index) => {
      if (sample !== 0) run.marks.push({ index: run.length + index, sample });
    });
    run.length += samples.length;
    return samples.length;
  }
  left(nowMs: number): number {
    this.#alive();
    const run = this.runs.at(-1);
    if (run === undefined) return 0;
    const played = this.#playedBy(nowMs - run.startMs) + this.swallowed;
    if (played > run.length) throw new Dry('not fed');
    return Math.floor(played / this.step) * this.step;
  }
  async close(): Promise<void> {}
  #alive(): void {
    if (!this.plugged) throw new Error('no such device');
  }
  #playedBy(ms: number): number {
    return Math.floor(ms * 48 * (1 + this.ppm * 1e-6));
  }

  /** The moments at which a sample of this value left. */
  momentsOf(value: number): number[] {
    return this.runs.flatMap(({ startMs, marks }) =>
      marks
        .filter(({ sample }) => sample === value)
        .map(({ index }) => startMs + index / (48 * (1 + this.ppm * 1e-6))),
    );
  }
}

describe('a real card', () => {
  const faults: string[] = [];
  let pump: NodeJS.Timeout | undefined;

  beforeEach(() => {
    vi.useFakeTimers({
      toFake: ['setTimeout', 'setInterval', 'clearInterval', 'clearTimeout', 'performance'],
    });
    faults.length = 0;
  });
  afterEach(() => {
    clearInterval(pump);
    vi.useRealTimers();
  });

  async function switchOn(hardware: Hardware): Promise<FedCard> {
    const card = new FedCard({
      outlet: hardware,
      clock: { monotonicMs: () => performance.now(), wallMs: () => 0 },
      line: { windowMs: 250, horizonMs: 60_000, noiseFrames: 0.3 },
      jumpMs: 5,
      fault: (what) => faults.push(what),
    });
    const started = card.start();
    await vi.advanceTimersByTimeAsync(500);
    await started;
    return card;
  }

  /** Plays marks, each at a moment of the clock, as a performance would: asked for, then put. */
  function mark(card: FedCard, marks: ReadonlyMap<number, number>): void {
    let put = card.pointer();
    pump = setInterval(() => {
      const pointer = card.pointer();
      for (const [value, at] of marks) {
        const frame = Math.round(card.frameAt(at));
        if (frame >= put && frame < pointer) card.put(frame, Int16Array.of(value));
      }
      put = Math.max(put, pointer);
    }, card.tickMs);
  }

  test.each([[100], [-100], [0]])(
    'with a crystal that is %i ppm off plays every sample at its moment, within a sample or two',
    async (ppm) => {
      const hardware = new Hardware(ppm);
      const card = await switchOn(hardware);
      await vi.advanceTimersByTimeAsync(10_000);
      const from = performance.now();
      const marks = new Map(
        Array.from({ length: 20 }, (_, index) => [1_000 + index, from + 1_500 * (index + 1)]),
      );
      mark(card, marks);
      await vi.advanceTimersByTimeAsync(32_000);
      for (const [value, at] of marks) {
        const [moment, ...more] = hardware.momentsOf(value);
        expect(more, 'once').toEqual([]);
        expect(Math.abs((moment ?? 0) - at)).toBeLessThan(0.042);
      }
      expect(card.driftPpm).toBeCloseTo(ppm, 0);
      expect(faults).toEqual([]);
    },
  );

  test('that is hastened for live sound plays what comes 110 ms before its moment, and is safe against stalls again afterwards', async () => {
    const hardware = new Hardware(50);
    const card = await switchOn(hardware);
    await vi.advanceTimersByTimeAsync(10_000);
    card.hasten(true);
    await vi.advanceTimersByTimeAsync(1_000);
    const marks = new Map<number, number>();
    mark(card, marks);
    for (let index = 0; index < 50; index += 1) {
      await vi.advanceTimersByTimeAsync(137);
      marks.set(1_000 + index, performance.now() + 110);
    }
    await vi.advanceTimersByTimeAsync(1_000);
    for (const [value, at] of marks) {
      const [moment] = hardware.momentsOf(value);
      expect(Math.abs((moment ?? 0) - at)).toBeLessThan(0.042);
    }
    card.hasten(false);
    await vi.advanceTimersByTimeAsync(500);
    const aheadMs = card.monotonicAt(card.pointer()) - performance.now();
    expect(aheadMs).toBeGreaterThan(200);
    expect(faults).toEqual([]);
  });

  test('with a position that moves in steps of 10 ms is known to a fraction of that', async () => {
    const hardware = new Hardware(40);
    hardware.step = 480;
    const card = await switchOn(hardware);
    await vi.advanceTimersByTimeAsync(30_000);
    const start = hardware.runs[0]?.startMs ?? 0;
    const frame = card.pointer();
    const truth = start + frame / (48 * (1 + 40e-6));
    expect(Math.abs(card.monotonicAt(frame) - truth)).toBeLessThan(1);
  });

  test('that was not fed in time goes on in step, and tells what nobody heard', async () => {
    const hardware = new Hardware(60);
    const card = await switchOn(hardware);
    await vi.advanceTimersByTimeAsync(20_000);
    // The program is frozen for a second: time goes by, and no timer runs.
    const before = card.pointer();
    vi.setSystemTime(Date.now() + 1_000);
    const frozen = performance.now();
    const real = performance.now;
    let skip = 1_000;
    performance.now = () => real.call(performance) + skip;
    await vi.advanceTimersByTimeAsync(1_000);
    expect(faults).toContain('output-dry');
    const at = frozen + 1_000 + 3_000;
    mark(card, new Map([[7, at]]));
    await vi.advanceTimersByTimeAsync(5_000);
    const [moment] = hardware.momentsOf(7);
    skip = 0;
    performance.now = real;
    expect(Math.abs((moment ?? 0) - at)).toBeLessThan(0.05);
    const lost = card.lost(before, before + 96_000) / 48;
    expect(lost).toBeGreaterThan(900);
    expect(lost).toBeLessThan(1_600);
  });

  test('that is unplugged lets time go on, and comes back in step', async () => {
    const hardware = new Hardware(-30);
    const card = await switchOn(hardware);
    await vi.advanceTimersByTimeAsync(12_000);
    const before = card.pointer();
    hardware.plugged = false;
    await vi.advanceTimersByTimeAsync(7_000);
    expect(faults[0]).toBe('output-lost');
    const passed = (card.pointer() - before) / 48;
    expect(passed).toBeGreaterThan(6_500);
    expect(card.lost(before, card.pointer()) / 48).toBeGreaterThan(6_000);
    hardware.plugged = true;
    await vi.advanceTimersByTimeAsync(4_000);
    const at = performance.now() + 2_000;
    mark(card, new Map([[9, at]]));
    await vi.advanceTimersByTimeAsync(4_000);
    const [moment] = hardware.momentsOf(9);
    expect(Math.abs((moment ?? 0) - at)).toBeLessThan(0.1);
  });

  test('that is not there at the start does not keep the device from running', async () => {
    const hardware = new Hardware(0);
    hardware.plugged = false;
    const card = await switchOn(hardware);
    expect(faults).toEqual(['output-lost']);
    const before = card.pointer();
    await vi.advanceTimersByTimeAsync(1_000);
    expect((card.pointer() - before) / 48).toBeCloseTo(1_000, -2);
    hardware.plugged = true;
    await vi.advanceTimersByTimeAsync(4_000);
    const at = performance.now() + 1_000;
    mark(card, new Map([[5, at]]));
    await vi.advanceTimersByTimeAsync(2_000);
    expect(hardware.momentsOf(5)).toHaveLength(1);
  });

  test('that swallows a piece without a word is put in step again', async () => {
    const hardware = new Hardware(20);
    const card = await switchOn(hardware);
    await vi.advanceTimersByTimeAsync(12_000);
    hardware.swallowed = 2_400;
    await vi.advanceTimersByTimeAsync(3_000);
    expect(faults).toEqual(['output-jumped']);
    const at = performance.now() + 1_000;
    mark(card, new Map([[3, at]]));
    await vi.advanceTimersByTimeAsync(2_500);
    const [moment] = hardware.momentsOf(3);
    // What it swallowed it played that much sooner.
    expect(Math.abs((moment ?? 0) - 50 / (1 + 20e-6) - at)).toBeLessThan(0.1);
  });
});

test('one late reading among many does not bend the line', () => {
  const line = new CardLine(48_000, { windowMs: 250, horizonMs: 60_000, noiseFrames: 0.3 });
  for (let ms = 0; ms < 20_000; ms += 25) {
    const held = ms > 10_000 && ms < 11_000 ? 7 : 0;
    line.observe(ms + held, Math.floor(ms * 48 * (1 + 50e-6)));
  }
  expect(line.driftPpm).toBeCloseTo(50, 0);
  expect(Math.abs(line.monotonicAt(48 * (1 + 50e-6) * 25_000) - 25_000)).toBeLessThan(0.03);
});

describe('the ring in front of a card', () => {
  test('adds voices that overlap without wrapping around, and is silent where nobody put anything', () => {
    const ring = new MixingRing(8);
    ring.add(6, Int16Array.of(30_000, -30_000, 5), 4);
    ring.add(7, Int16Array.of(-10_000, 10), 4);
    expect([...ring.read(4, 8)]).toEqual([0, 0, 30_000, -32_768, 15, 0, 0, 0]);
    ring.clear(4, 4);
    expect([...ring.read(8, 4)]).toEqual([15, 0, 0, 0]);
  });

  test('leaves out what is too late, and refuses what is further ahead than it is long', () => {
    const ring = new MixingRing(4);
    ring.add(3, Int16Array.of(1, 2, 3), 4);
    expect([...ring.read(4, 4)]).toEqual([2, 3, 0, 0]);
    expect(() => ring.add(7, Int16Array.of(1, 2), 4)).toThrow(RangeError);
  });
});

test('what was lost of a play is counted piece by piece', () => {
  const gaps = new Gaps();
  gaps.add(10, 20);
  gaps.add(20, 30);
  gaps.add(50, 60);
  expect(gaps.within(0, 100)).toBe(30);
  expect(gaps.within(25, 55)).toBe(10);
});
