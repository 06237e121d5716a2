import { type BrightnessRule, brightnessAt, type LightMemory } from '#devices/board/brightness';
import type { LightSensor } from './light-sensor.ts';

const EVERY_MS = 2_000;

/** How bright the board is, looked at every other second by its rule and its sensor. */
export class BrightnessControl {
  readonly #sensor: LightSensor | null;
  readonly #settings: () => { readonly brightness: number; readonly rule: BrightnessRule | undefined };
  #memory: LightMemory = { lux: null };
  #lux: number | null = null;
  #percent = 0;
  #asked = '';
  #lookedAt = Number.NEGATIVE_INFINITY;

  constructor(
    sensor: LightSensor | null,
    settings: () => { readonly brightness: number; readonly rule: BrightnessRule | undefined },
  ) {
    this.#sensor = sensor;
    this.#settings = settings;
  }

  /** What the sensor saw last; null without one. */
  get lux(): number | null {
    return this.#lux;
  }

  /** Percent. @param at epoch ms. */
  at(at: number): number {
    const { brightness, rule } = this.#settings();
    const asked = JSON.stringify([brightness, rule]);
    if (asked === this.#asked && Math.abs(at - this.#lookedAt) < EVERY_MS) return this.#percent;
    // A new rule has nothing to do with what the old one was set by.
    if (asked !== this.#asked) this.#memory = { lux: null };
    this.#asked = asked;
    this.#lookedAt = at;
    this.#lux = this.#sensor?.lux(at) ?? null;
    const next = brightnessAt(rule, brightness, at, this.#lux, this.#memory);
    this.#memory = next.memory;
    this.#percent = next.brightness;
    return this.#percent;
  }
}
