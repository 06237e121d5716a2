import { zoneOf } from '#schedules/zone';
import type { Language } from './words.ts';

const two = (number: number): string => String(number).padStart(2, '0');

/** Times as people write them: `06:00`, `06:00 ngày 24/11/2026`. */
export class Dates {
  readonly #zone: string;
  readonly #language: Language;

  constructor(zone: string, language: Language) {
    this.#zone = zone;
    this.#language = language;
  }

  #wall(at: number): Date {
    return new Date(zoneOf(this.#zone).toLocal(at));
  }

  time(at: number): string {
    const wall = this.#wall(at);
    return `${two(wall.getUTCHours())}:${two(wall.getUTCMinutes())}`;
  }

  day(at: number): string {
    const wall = this.#wall(at);
    return `${two(wall.getUTCDate())}/${two(wall.getUTCMonth() + 1)}/${wall.getUTCFullYear()}`;
  }

  full(at: number): string {
    return this.#language === 'vi'
      ? `${this.time(at)} ngày ${this.day(at)}`
      : `${this.time(at)}, ${this.day(at)}`;
  }

  /** The time alone where the day is the same. */
  after(at: number, earlier: number): string {
    return this.day(at) === this.day(earlier) ? this.time(at) : this.full(at);
  }

  /** For machines. */
  iso(at: number): string {
    return new Date(at).toISOString();
  }
}
