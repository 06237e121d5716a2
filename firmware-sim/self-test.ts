import type { z } from 'zod';
import type { SelfTest } from '#devices/messages/ack';
import type { Board } from './board/board.ts';
import { levelAt } from './goertzel.ts';
import { CLEARLY_DB, type Microphone } from './microphone.ts';
import type { Order } from './order.ts';
import { Level } from './speaker/level.ts';
import { framesOf, RATE } from './speaker/sound-card.ts';
import { Speaker } from './speaker/speaker.ts';

export interface SelfTestDesk {
  /** Null for a model without one. */
  readonly microphone: Microphone | null;
  readonly settings: () => { readonly muted: boolean; readonly wakeMs: number };
  /** How long nothing is to be heard yet, ms; 0 while something is. */
  readonly quietForMs: () => number;
  readonly onMeasured: (measure: z.infer<typeof SelfTest>) => void;
}

/** Two, because a room may swallow one. */
const TONES_HZ = [1_000, 400];
const SENT_DBFS = -20;
const TONE_MS = 600;
const PAUSE_MS = 300;
const FADE_MS = 10;
/** A tone that is heard is not weaker than it should be by more than this, dB. */
const WEAK_DB = 12;

/**
 * Does the horn sound at all? Plays tones through everything that a programme passes, and listens to them through the
 * device's own microphone. The volume does not matter; a mute does: a speaker that is to be silent is not tested.
 */
export class SelfTester {
  readonly #desk: SelfTestDesk;

  constructor(desk: SelfTestDesk) {
    this.#desk = desk;
  }

  async run(performer: Speaker | Board, order: Order): Promise<void> {
    const { microphone, settings, quietForMs, onMeasured } = this.#desk;
    const { muted, wakeMs } = settings();
    // The noise is listened to before the first tone, while the amplifier wakes up.
    const leadMs = PAUSE_MS + wakeMs;
    const lengthMs = leadMs + TONES_HZ.length * (TONE_MS + PAUSE_MS);
    if (!(performer instanceof Speaker) || microphone === null) return order.refuse('unsupported');
    if (muted) return order.refuse('muted');
    if (quietForMs() < lengthMs + 1_000) return order.refuse('busy');
    order.started();
    const heard = await performer.sound(testSignal(leadMs, lengthMs), microphone);
    if (heard === null) return order.refuse('busy');
    const measure = measured(heard, leadMs, microphone.lossDb);
    onMeasured(measure);
    order.ended({ selfTest: measure });
  }
}

const startOf = (index: number, leadMs: number): number => leadMs + index * (TONE_MS + PAUSE_MS);

function testSignal(leadMs: number, lengthMs: number): Int16Array {
  const samples = new Int16Array(framesOf(lengthMs));
  const peak = 32_768 * 10 ** (SENT_DBFS / 20) * Math.SQRT2;
  const count = framesOf(TONE_MS);
  const fade = framesOf(FADE_MS);
  for (const [index, frequency] of TONES_HZ.entries()) {
    const start = framesOf(startOf(index, leadMs));
    for (let at = 0; at < count; at += 1) {
      const envelope = Math.min(1, at / fade, (count - at) / fade);
      samples[start + at] = Math.round(peak * envelope * Math.sin((2 * Math.PI * frequency * at) / RATE));
    }
  }
  return samples;
}

/** Of the two tones the one that was heard worse. */
function measured(heard: Int16Array, leadMs: number, lossDb: number): z.infer<typeof SelfTest> {
  const silence = new Level();
  silence.add(heard.subarray(0, framesOf(leadMs)));
  const noiseDbfs = Math.min(0, silence.dbfs ?? -120);
  const levels = TONES_HZ.map((toneHz, index) => {
    // The microphone hears a little later; the middle of a tone is a tone in any case.
    const start = framesOf(startOf(index, leadMs) + TONE_MS / 4);
    const middle = heard.subarray(start, start + framesOf(TONE_MS / 2));
    return { toneHz, heardDbfs: Math.min(0, levelAt(middle, toneHz, RATE)) };
  });
  const worst = levels.reduce((one, other) => (one.heardDbfs <= other.heardDbfs ? one : other));
  const clear = worst.heardDbfs > noiseDbfs + CLEARLY_DB;
  const ok = clear && worst.heardDbfs > SENT_DBFS - lossDb - WEAK_DB;
  return { ...worst, sentDbfs: SENT_DBFS, noiseDbfs, ok };
}
