import { generateKeyPairSync, sign } from 'node:crypto';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { encodeLiveFrame, type LiveFrame, liveSignedBytes } from '#devices/live-frame';
import { frameGate } from '#firmware-sim/live/frame-gate';
import { LiveSound } from '#firmware-sim/live/live-sound';
import { opusUnpacker, type Unpacker } from '#firmware-sim/live/opus';
import { Reception } from '#firmware-sim/live/reception';
import { opusPackets, sine } from '../support/opus-stream.ts';
import { levelOf } from '../support/sound.ts';

const BROADCAST = '01KAQ8Z4M000000000000000BB';
const ANOTHER = '01KAQ8Z4M000000000000000CC';
const START = 1_795_400_000_000;
const FRAME = 960;
/** Configuration 31 of Opus: 20 ms; what follows is the frame's number, for {@link numbered}. */
const packetOf = (seq: number): Uint8Array => new Uint8Array([31 << 3, seq >> 8, seq & 255]);
const frameOf = (seq: number, more: Partial<LiveFrame> = {}): LiveFrame => ({
  ...{ seq, heardAt: START + seq * 20, last: false, packets: [packetOf(seq)] },
  ...more,
});

/** A codec that loses nothing: each sample tells its place in what was said. */
const PLACES = 30_000;
const placed = (place: number): number => (place % PLACES) + 1;
const numbered: Unpacker = {
  decode: (packet) => {
    const first = (((packet[1] ?? 0) << 8) | (packet[2] ?? 0)) * FRAME;
    return Int16Array.from({ length: FRAME }, (_, at) => placed(first + at));
  },
  conceal: () => new Int16Array(0),
  close: () => undefined,
};

function listening(now = () => START - 100) {
  return new Reception({ now, marginOf: (heardAt) => heardAt - now() - 15 });
}

/** What is played of frames that are all here before it begins. */
function played(frames: readonly LiveFrame[], samples: number): { out: Int16Array; sound: LiveSound } {
  const reception = listening();
  for (const frame of frames) reception.receive(frame);
  const first = reception.from(START);
  if (first === undefined) throw new Error('there is nothing to begin with');
  const sound = new LiveSound(reception, numbered, first);
  return { out: sound.take(samples, samples), sound };
}

describe('live sound', () => {
  test('is heard word for word in the order in which it was said, in whatever pieces it is asked for', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 3_000 }), { minLength: 1, maxLength: 40 }), (pieces) => {
        const reception = listening();
        for (let seq = 0; seq < 30; seq += 1) reception.receive(frameOf(seq, { last: seq === 29 }));
        const first = reception.from(START);
        if (first === undefined) throw new Error('nothing came');
        const sound = new LiveSound(reception, numbered, first);
        const out = pieces.flatMap((piece) => [...sound.take(piece, 0)]);
        expect(out).toEqual(Array.from({ length: out.length }, (_, at) => placed(at)));
        expect(out.length).toBe(
          Math.min(
            30 * FRAME,
            pieces.reduce((sum, piece) => sum + piece, 0),
          ),
        );
        expect(sound.ended).toBe(out.length === 30 * FRAME);
        expect(sound.absent).toBe(0);
      }),
    );
  });

  test('keeps its places when frames are lost: silence as long as they would have sounded', () => {
    const frames = [0, 1, 2, 5, 6].map((seq) => frameOf(seq, { last: seq === 6 }));
    const { out, sound } = played(frames, 7 * FRAME);
    expect(out[3 * FRAME - 1]).toBe(placed(3 * FRAME - 1));
    expect(out.subarray(3 * FRAME, 5 * FRAME).every((sample) => sample === 0)).toBe(true);
    expect(out[6 * FRAME]).toBe(placed(6 * FRAME));
    expect(sound.absent).toBe(2 * FRAME);
    expect(sound.ended).toBe(true);
  });

  test('a pause that the speaker made is silence, and nothing is missing', () => {
    const later = (seq: number) => frameOf(seq, { heardAt: START + seq * 20 + (seq >= 3 ? 500 : 0) });
    const { out, sound } = played([0, 1, 2, 3, 4].map(later), 5 * FRAME + 24_000);
    expect(out.subarray(3 * FRAME, 3 * FRAME + 24_000).every((sample) => sample === 0)).toBe(true);
    expect(out[4 * FRAME + 24_000]).toBe(placed(4 * FRAME));
    expect(sound.absent).toBe(0);
  });

  test('a frame that comes late is heard from where its time is, and never pushes the others back', () => {
    const reception = listening();
    reception.receive(frameOf(0));
    const first = reception.from(START);
    if (first === undefined) throw new Error('nothing came');
    const sound = new LiveSound(reception, numbered, first);
    expect(sound.take(10_000, FRAME + 480)).toHaveLength(FRAME + 480);
    reception.receive(frameOf(1));
    reception.receive(frameOf(2));
    const rest = sound.take(10_000, 0);
    expect(rest).toHaveLength(2 * FRAME - 480);
    expect(rest[480]).toBe(placed(2 * FRAME));
    expect(sound.absent).toBe(480);
    // One whose time is past altogether leaves nothing.
    sound.take(2 * FRAME, 2 * FRAME);
    reception.receive(frameOf(3));
    expect(sound.take(10_000, 0)).toHaveLength(0);
    reception.receive(frameOf(5));
    expect(sound.take(10_000, 0)[300]).toBe(placed(5 * FRAME + 300));
  });

  test('a microphone with a clock of its own is followed sample by sample, for two minutes, and nothing is cut out', () => {
    for (const ppm of [-300, 300]) {
      const reception = listening(() => now);
      let now = START - 100;
      const at = (seq: number): number => START + seq * 20 * (1 + ppm * 1e-6);
      reception.receive(frameOf(0));
      const first = reception.from(START);
      if (first === undefined) throw new Error('nothing came');
      const sound = new LiveSound(
        reception,
        { ...numbered, decode: () => new Int16Array(FRAME).fill(7) },
        first,
      );
      let taken = sound.take(2 * FRAME, 0).length;
      for (let seq = 1; seq < 6_000; seq += 1) {
        now = at(seq) - 100;
        reception.receive(frameOf(seq, { heardAt: at(seq) }));
        const expected = (at(seq) - START) * 48;
        expect(Math.abs(taken - expected)).toBeLessThan(2);
        const piece = sound.take(2 * FRAME, 0);
        expect(piece.every((sample) => sample === 7)).toBe(true);
        taken += piece.length;
      }
      expect(sound.absent).toBe(0);
    }
  });

  test('whoever comes in the middle begins with a whole frame, at its time', () => {
    const reception = listening();
    for (let seq = 40; seq < 60; seq += 1) reception.receive(frameOf(seq));
    const first = reception.from(START + 45 * 20 - 7);
    expect(first?.seq).toBe(45);
  });
});

describe('a reception', () => {
  const first = frameOf(0);

  test('is not renewed by frames that are said again, and hears nothing of them twice', () => {
    const reception = listening();
    expect(reception.receive(first)).toBe(true);
    expect(reception.receive(frameOf(1))).toBe(true);
    expect(reception.receive(first)).toBe(false);
    expect(reception.receive(frameOf(1))).toBe(false);
    expect(reception.report()).toMatchObject({ heard: 2, late: 0, missing: 0 });
  });

  test('tells what came late, what never came, and how near it was', () => {
    let now = START - 100;
    const reception = listening(() => now);
    reception.receive(first);
    reception.receive(frameOf(3));
    now = START + 80 - 20;
    reception.receive(frameOf(4));
    now = START + 100 - 5;
    reception.receive(frameOf(5));
    expect(reception.report()).toEqual({ v: 1, marginMs: -10, heard: 3, late: 1, missing: 2 });
    expect(reception.report()).toMatchObject({ heard: 0, late: 0, missing: 0 });
  });

  test('keeps no more than it can hear, whatever is sent', () => {
    let now = START;
    const reception = listening(() => now);
    expect(reception.receive(frameOf(1, { heardAt: START + 3_600_000 }))).toBe(false);
    for (let seq = 0; seq < 5_000; seq += 1) {
      now = START + seq * 20;
      reception.receive(frameOf(seq));
    }
    // A tenth of a second after its time nobody asks for it any more.
    expect(reception.after(-1)?.seq).toBeGreaterThan(4_980);
  });

  test('knows the end of what was said from the last frame, with sound in it or without', () => {
    const reception = listening();
    reception.receive(first);
    reception.receive(frameOf(1, { last: true, packets: [] }));
    expect(reception.over).toBe(true);
    expect(reception.saidUntil).toBe(START + 20);
    const begin = reception.from(START);
    if (begin === undefined) throw new Error('nothing came');
    const sound = new LiveSound(reception, numbered, begin);
    expect(sound.take(10_000, 5_000)).toHaveLength(FRAME);
    expect(sound.ended).toBe(true);
  });
});

describe('the gate', () => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const stranger = generateKeyPairSync('ed25519').privateKey;
  const jwk = publicKey.export({ format: 'jwk' });
  const gate = frameGate(BROADCAST, { kty: 'OKP', crv: 'Ed25519', x: jwk.x ?? '', kid: 'k1' });
  const message = (key = privateKey, broadcast = BROADCAST): Buffer => {
    const bytes = encodeLiveFrame(frameOf(7));
    return Buffer.concat([bytes, sign(null, liveSignedBytes(broadcast, bytes), key)]);
  };

  test('lets through what the controller said in this broadcast', () => {
    expect(gate(message())).toMatchObject({ seq: 7, heardAt: START + 140 });
  });

  test('lets nothing through that somebody else said, that was said elsewhere, or that was changed on the way', () => {
    expect(gate(message(stranger))).toBeNull();
    expect(gate(message(privateKey, ANOTHER))).toBeNull();
    const genuine = message();
    for (let at = 0; at < genuine.length; at += 1) {
      const bent = Buffer.from(genuine);
      bent[at] = (bent[at] ?? 0) ^ 1;
      expect(gate(bent)).toBeNull();
    }
    expect(gate(genuine.subarray(0, genuine.length - 1))).toBeNull();
    expect(gate(Buffer.concat([genuine, genuine]))).toBeNull();
    expect(gate(Buffer.alloc(100_000))).toBeNull();
    expect(gate(Buffer.alloc(3))).toBeNull();
  });
});

describe('with real Opus', () => {
  let packets: readonly Uint8Array[];
  beforeAll(async () => {
    packets = (await opusPackets(sine(2, 440))).packets;
  }, 30_000);

  test('a lost frame is bridged, and neither its beginning nor its end clicks', async () => {
    const reception = listening();
    packets.forEach((packet, seq) => {
      if (seq !== 40 && seq !== 60 && seq !== 61) reception.receive(frameOf(seq, { packets: [packet] }));
    });
    const first = reception.from(START);
    if (first === undefined) throw new Error('nothing came');
    const unpacker = await opusUnpacker();
    const out = new LiveSound(reception, unpacker, first).take(96_000, 96_000);
    unpacker.close();
    const steps = Array.from(out.subarray(4_800, 91_200), (sample, at) =>
      Math.abs(sample - (out[4_799 + at] ?? 0)),
    );
    // A sine of 440 Hz at this level moves by 692 from one sample to the next.
    expect(Math.max(...steps)).toBeLessThan(1_100);
    expect(levelOf(out.subarray(40 * FRAME, 41 * FRAME), 440)).toBeGreaterThan(-25);
    expect(levelOf(out.subarray(30 * FRAME, 39 * FRAME), 440)).toBeCloseTo(
      20 * Math.log10(12_000 / 32_768),
      0,
    );
  });
});
