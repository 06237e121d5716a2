import type { BrightnessRule } from '#devices/board/brightness';
import { type BoardSettings, FACTORY_BOARD, type Fallback } from '#devices/board/settings';
import type { Store } from '../database/open.ts';
import { stretchesOf } from '../guards/guards-of.ts';
import type { BoardChoice, BoardPlace, FallbackChoice } from '../http/contract/board-choice.ts';
import { boardChoiceOf, TROUBLES } from './board-choice.ts';
import { placeOf, type Standing } from './board-place.ts';
import { utcMinute } from './wall-minute.ts';

const MINUTE_MS = 60_000;

export interface BoardRow extends Standing {
  readonly kind: string;
  readonly board: string | null;
}

interface SceneRow {
  readonly sha256: string;
  readonly bytes: number;
}

/** What boards need to know of the site, looked up once for however many of them are settled together. */
export class BoardSite {
  readonly #store: Store;
  readonly #name: string;
  readonly #offsetMs: number;
  readonly #places = new Map<string | null, BoardPlace>();
  readonly #scenes = new Map<string, SceneRow | null>();

  /** @param name stands on boards that have no title of their own. @param offsetMs of the site's wall clock from UTC, now. */
  constructor(store: Store, name: string, offsetMs: number) {
    this.#store = store;
    this.#name = name;
    this.#offsetMs = offsetMs;
  }

  /** What a board is to hold of what was chosen for it, in UTC and by hash. */
  settingsOf(row: BoardRow): BoardSettings {
    const choice = boardChoiceOf(row.board);
    const rule = this.#rule(choice.brightness, row);
    const [idle, linkLost, powerReturn, clockUnset] = TROUBLES.map((trouble) =>
      this.#fallback(choice[trouble], FACTORY_BOARD.fallbacks[trouble]),
    ) as [Fallback, Fallback, Fallback, Fallback];
    return {
      title: choice.title === '' ? this.#name : choice.title,
      utcOffsetMinutes: Math.round(this.#offsetMs / MINUTE_MS),
      fallbacks: {
        ...{ idle, linkLost, powerReturn, clockUnset },
        linkLostAfterMs: choice.linkLostAfterMinutes * MINUTE_MS,
        powerReturnMs: choice.powerReturnSeconds * 1_000,
      },
      off: stretchesOf(choice.off, this.#offsetMs) ?? [],
      ...(rule === undefined ? {} : { brightness: rule }),
      ...(choice.rectangle === null ? {} : { rectangle: choice.rectangle }),
      pictureEveryMs: choice.pictureEveryMinutes * MINUTE_MS,
    };
  }

  /** Where a board stands as far as is known. */
  placeOf(row: Standing): BoardPlace {
    if (row.latitude !== null && row.longitude !== null) return placeOf(this.#store, row, this.#offsetMs);
    const known = this.#places.get(row.area_id) ?? placeOf(this.#store, row, this.#offsetMs);
    this.#places.set(row.area_id, known);
    return known;
  }

  #rule(brightness: BoardChoice['brightness'], row: Standing): BrightnessRule | undefined {
    if (brightness.by === 'fixed') return undefined;
    if (brightness.by === 'time') {
      const steps = brightness.steps
        .map((step) => ({ minute: utcMinute(step.from, this.#offsetMs), brightness: step.brightness }))
        .sort((one, other) => one.minute - other.minute);
      return { by: 'time', steps };
    }
    if (brightness.by === 'sensor') {
      return { ...brightness, points: [...brightness.points].sort((one, other) => one.lux - other.lux) };
    }
    const { latitude, longitude } = this.placeOf(row);
    return { by: 'sun', latitude, longitude, day: brightness.day, night: brightness.night };
  }

  /** A programme that has no scene yet, or none any more, is no fallback: what the factory set stands there instead. */
  #fallback(choice: FallbackChoice, factory: Fallback): Fallback {
    if (choice.show !== 'programme') return { show: choice.show };
    const scene = this.#sceneOf(choice.programmeId);
    return scene === null ? factory : { show: 'scene', ...scene };
  }

  #sceneOf(programme: string): SceneRow | null {
    const known = this.#scenes.get(programme);
    if (known !== undefined) return known;
    const found =
      this.#store.sqlite
        .prepare<[string], SceneRow>(
          `SELECT b.sha256, b.bytes FROM programme p JOIN blob b ON b.sha256 = p.scene_sha256
            WHERE p.id = ? AND p.removed_at IS NULL`,
        )
        .get(programme) ?? null;
    this.#scenes.set(programme, found);
    return found;
  }
}
