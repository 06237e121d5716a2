import { describe, expect, test } from 'vitest';
import { ArrivalLine } from '#controller/live-audio/arrival-line';
import { Feed } from '#controller/live-audio/feed';
import { opusDurationMs, SILENCE } from '#controller/live-audio/opus-packet';

const isSilence = (packet: Uint8Array): boolean => Buffer.from(packet).equals(Buffer.from(SILENCE));
/** A packet of 20 ms that can be told from the others; as large as speech, or as small as a pause. */
const word = (number: number, size = 80): Uint8Array => {
  const packet = new Uint8Array(size).fill(number & 0xff);
  packet[0] = 0xf8;
  packet[1] = number >> 8;
  return packet;
};

function heard() {
  const frames: { packets: readonly Uint8Array[]; at: number }[] = [];
  let ended: number | null = null;
  const feed = new Feed(
    {
      push: (packets, at) => frames.push({ packets: [...packets], at }),
      end: (at) => {
        ended = at;
      },
    },
    { leadMs: 80, sendMs: 40, perFrame: 1 },
  );
  feed.fromAt = 1_000;
  return {
    feed,
    frames,
    ended: () => ended,
    words: () => frames.flatMap(({ packets }) => packets).filter((packet) => !isSilence(packet)),
    /** Between the end of one frame and the beginning of the next, ms. */
    breaks: () =>
      frames.slice(1).map(({ at }, index) => {
        const before = frames[index];
        const ms = (before?.packets ?? []).reduce((sum, packet) => sum + (opusDurationMs(packet) ?? 0), 0);
        return at - (before?.at ?? 0) - ms;
      }),
  };
}

describe('what is said', () => {
  test('while the chime sounds is not heard after it', () => {
    const { feed, words } = heard();
    for (let index = 0; index < 60; index += 1) feed.speak(word(index), index * 20);
    // Heard from 1,000 on, 80 ms after it was spoken.
    expect(words()[0]).toEqual(word(46));
    expect(words().length).toBe(14);
  });

  test('is one sound: what the network holds up for a moment is heard later, not lost', () => {
    const { feed, words, breaks } = heard();
    let next = 0;
    for (let now = 0; now < 10_000; now += 10) {
      feed.tick(now);
      const held = now >= 4_000 && now < 4_300;
      while (!held && next * 20 <= now) {
        feed.speak(word(next), next * 20);
        next += 1;
      }
    }
    expect(words().length).toBe(next - 46);
    expect(Math.max(...breaks().map(Math.abs))).toBeLessThan(1);
    expect(feed.shiftMs).toBeGreaterThan(100);
  });

  test('comes back to its time in the pauses between words', () => {
    const { feed, words, frames } = heard();
    let next = 0;
    let said = 0;
    for (let now = 0; now < 12_000; now += 10) {
      feed.tick(now);
      const held = now >= 4_000 && now < 4_300;
      while (!held && next * 20 <= now) {
        const pause = next % 50 > 40;
        if (!pause && next >= 46) said += 1;
        feed.speak(pause ? word(next, 8) : word(next), next * 20);
        next += 1;
      }
    }
    expect(feed.shiftMs).toBeLessThan(20);
    expect(words().filter(({ length }) => length === 80).length).toBe(said);
    const last = frames.at(-1);
    expect((last?.at ?? 0) - 12_000).toBeLessThan(120);
  });

  test('goes on as silence when nothing comes, so that devices wait', () => {
    const { feed, frames, words } = heard();
    for (let now = 0; now < 3_000; now += 10) feed.tick(now);
    expect(words()).toEqual([]);
    expect(frames[0]?.at).toBe(1_000);
    expect(frames.length).toBe(Math.floor((2_990 + 40 - 1_000) / 20));
  });

  test('shares frames where many listen, and nothing is left behind at the end', () => {
    const { feed, frames, words, ended } = heard();
    feed.perFrame = 3;
    for (let index = 0; index < 60; index += 1) feed.speak(word(index), index * 20);
    feed.end(2_000);
    expect(words().length).toBe(14);
    expect(frames.map(({ packets }) => packets.length)).toEqual([3, 3, 3, 3, 2]);
    expect(ended()).toBe(60 * 20 + 80);
  });
});

describe('the way to the ear', () => {
  test('is made longer by a pause, and shorter again without a lost word', () => {
    const { feed, words, frames } = heard();
    let next = 0;
    let said = 0;
    for (let now = 0; now < 20_000; now += 10) {
      feed.tick(now);
      if (now === 5_000) feed.raise(100);
      if (now === 10_000) feed.lower(100);
      while (next * 20 <= now) {
        const pause = next % 50 > 40;
        if (!pause && next >= 46) said += 1;
        feed.speak(pause ? word(next, 8) : word(next), next * 20);
        next += 1;
      }
    }
    const delayAt = (moment: number): number => {
      const frame = frames.findLast(({ at }) => at <= moment);
      const [packet] = frame?.packets ?? [];
      return (frame?.at ?? 0) - ((packet?.[1] ?? 0) * 256 + (packet?.[2] ?? 0)) * 20;
    };
    expect(Math.round(delayAt(4_500))).toBe(80);
    expect(Math.round(delayAt(9_500))).toBe(180);
    expect(Math.round(delayAt(19_500))).toBeLessThan(101);
    expect(words().filter(({ length }) => length === 80).length).toBe(said);
  });
});

describe("the microphone's own time", () => {
  /** @returns how far from its true moment each packet was placed, in the end. */
  function place(packets: number, arrival: (index: number) => number, ms = 20): number[] {
    const line = new ArrivalLine();
    return Array.from({ length: packets }, (_, index) => line.place(arrival(index), ms) - index * ms);
  }

  test('is even, however unevenly packets come', () => {
    let state = 1;
    const jitter = (): number => {
      state = (state * 48_271) % 2_147_483_647;
      return (state / 2_147_483_647) * 60;
    };
    const placed = place(1_000, (index) => index * 20 + jitter());
    const steps = placed.slice(101).map((each, index) => Math.abs(each - (placed[index + 100] ?? 0)));
    expect(Math.max(...steps)).toBeLessThanOrEqual(1 / 48 + 1e-6);
    expect(Math.max(...placed.slice(200))).toBeLessThan(12);
  });

  test('is followed when its crystal is faster or slower than ours, by no more than a sample for each packet', () => {
    for (const ppm of [-300, 300]) {
      const placed = place(30_000, (index) => index * 20 * (1 + ppm / 1e6));
      const due = 30_000 * 20 * (ppm / 1e6);
      expect(Math.abs((placed.at(-1) ?? 0) - due)).toBeLessThan(5);
      const steps = placed.slice(1).map((each, index) => Math.abs(each - (placed[index] ?? 0)));
      expect(Math.max(...steps.slice(100))).toBeLessThanOrEqual(1 / 48 + 1e-6);
    }
  });

  test('jumps where sound is missing, and not where it was only held up', () => {
    const missing = place(500, (index) => index * 20 + (index >= 250 ? 200 : 0));
    expect(missing.at(-1)).toBeCloseTo(200, 0);
    const held = place(500, (index) => (index >= 250 && index < 265 ? 265 * 20 : index * 20));
    expect(Math.max(...held.map(Math.abs))).toBeLessThan(2);
  });
});
