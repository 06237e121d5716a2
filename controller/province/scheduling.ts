import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { missingLetters } from '#devices/face/letters';
import type { Changes } from '../changes.ts';
import type { Clock } from '../clock.ts';
import type { Store } from '../database/open.ts';
import { Failure } from '../failure.ts';
import type { Bulletin } from '../http/contract/bulletins.ts';
import type { ScheduleBody, Target } from '../http/contract/schedules.ts';
import type { Library } from '../library/library.ts';
import type { Programmes } from '../library/programmes.ts';
import type { Doorway } from '../relay/connect.ts';
import { open, webAddress } from '../relay/fetch.ts';
import type { Schedules } from '../timetable/schedules.ts';
import type { BulletinChange, BulletinRow, BulletinRows, Move } from './bulletin-rows.ts';
import { giveWay, wallClock } from './give-way.ts';
import type { Person } from './person.ts';

export interface SchedulingDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly changes: Changes;
  readonly log: Logger;
  readonly library: Pick<Library, 'speak' | 'upload' | 'asset'>;
  readonly programmes: Pick<Programmes, 'add'>;
  readonly schedules: Schedules;
  /** What the addresses of sounds are opened through. */
  readonly doorway: Doorway;
  /** IANA. */
  readonly zone: string;
  readonly rows: BulletinRows;
  readonly move: (id: string, move: Move, change?: BulletinChange) => void;
}

export interface Wanted {
  readonly at: number;
  readonly targets: readonly Target[];
  /** How a collision with an own priority item is settled: theirs instead, ours alone, or both. */
  readonly choice: 'theirs' | 'ours' | 'both' | null;
}

type Collision = Bulletin['collisions'][number];

/** Speech of a bulletin is ready within seconds; so long a person who schedules it waits for it. */
const SOUND_MS = 20_000;
const ON_ITS_WAY = ['receiving', 'queued', 'working'];
const LONGEST_NOTICE = 4_000;
const NOTICE_MS = 60_000;
const MAX_LATENESS_MS = 300_000;

/** From a bulletin to a programme, and to its moment on the air. */
export class Scheduling {
  readonly #deps: SchedulingDeps;
  readonly #ending = new AbortController();
  readonly #fetching = new Map<string, Promise<void>>();

  constructor(deps: SchedulingDeps) {
    this.#deps = deps;
  }

  stop(): void {
    this.#ending.abort(new Error('the controller stops'));
  }

  /** Fetches its sound in the background. */
  fetchSound(row: BulletinRow): void {
    const { log, rows, clock, changes } = this.#deps;
    if (this.#fetching.has(row.id)) return;
    const work = this.#fetch(row)
      .then((asset) => {
        // It may have been revised meanwhile.
        if (rows.get(row.id).digest === row.digest)
          rows.change(row.id, { asset_id: asset, reason: null }, clock.now());
      })
      .catch((err: unknown) => {
        if (this.#ending.signal.aborted) return;
        log.warn({ err, bulletin: row.id }, 'the sound of a bulletin could not be fetched');
        if (rows.get(row.id).state !== 'received') return;
        rows.change(row.id, { reason: 'sound-not-fetched' }, clock.now());
      })
      .finally(() => {
        this.#fetching.delete(row.id);
        changes.announce('bulletin', row.id);
      });
    this.#fetching.set(row.id, work);
  }

  /**
   * Makes a programme of its sound and its text. A sound that could not be had is asked for once more; text stands in.
   * @throws Failure 422 `nothing-to-play`, 409 `sound-not-fetched`.
   */
  async accept(row: BulletinRow, by: Person): Promise<void> {
    const { library, programmes, rows, move, log } = this.#deps;
    if (row.audio_url !== null && row.asset_id === null) this.fetchSound(row);
    await Promise.race([this.#fetching.get(row.id), sleep(SOUND_MS, undefined, { ref: false })]);
    const { asset_id, audio_url, title, text, language } = rows.get(row.id);
    let assetId = asset_id;
    if (assetId === null && audio_url !== null && text === null) {
      const detail = `The sound of “${title}” could not be fetched, and it has no text to be spoken. Refuse it, with the reason.`;
      throw new Failure('sound-not-fetched', detail, { status: 409, params: { title } });
    }
    if (assetId === null && text === null) {
      const detail = `“${title}” has neither text nor sound; there is nothing to play. Refuse it, with the reason.`;
      throw new Failure('nothing-to-play', detail, { status: 422, params: { title } });
    }
    if (assetId === null && text !== null) assetId = await library.speak(title, { text, language }, by.id);
    const missing = missingLetters(`${title}\n${text ?? ''}`);
    if (missing.length > 0) log.warn({ bulletin: row.id, missing }, 'boards cannot show a bulletin as it is');
    // What boards would show otherwise than it was written they do not show; it is heard all the same.
    const notice =
      text === null || missing.length > 0
        ? null
        : { heading: title, text: text.slice(0, LONGEST_NOTICE), durationMs: NOTICE_MS };
    const programme = await programmes.add(
      { title, language, assetId, notice, board: null, music: false },
      by.id,
    );
    move(
      row.id,
      { state: 'accepted', by: by.name, reason: null },
      { asset_id: assetId, programme_id: programme.id },
    );
    log.info({ audit: 'bulletin', bulletin: row.id, by: by.name }, 'a bulletin was taken on');
  }

  /**
   * Puts it on the air once. Where a priority bulletin collides with an own item of that class and no choice is made,
   * it waits for one (R2). The choice is logged and carried out: `theirs` takes the own item out of that moment,
   * `both` lets the devices play them one after the other, `ours` leaves the bulletin accepted, for another moment.
   * @throws Failure 422 `too-late`; 409 `sound-not-ready`, `overlaps` (of one that is not priority); what a schedule throws.
   */
  async schedule(row: BulletinRow, { at, targets, choice }: Wanted, by: Person): Promise<void> {
    const { clock, schedules, move, log } = this.#deps;
    this.#refuseLate(row, at, clock.now());
    await this.#ready(row);
    const body = this.#bodyOf(row, at, targets);
    const collisions = this.#collisions(row, body);
    if (choice === null && row.level === 'priority' && collisions.length > 0) {
      const wish = { wish: JSON.stringify({ at, targets }), collisions: JSON.stringify(collisions) };
      this.unschedule(row);
      move(row.id, { state: 'choose', by: by.name, reason: null }, { ...wish, schedule_id: null });
      return;
    }
    if (choice !== null) {
      const about = { bulletin: row.id, choice, by: by.name, collisions };
      log.info({ audit: 'bulletin-choice', ...about }, 'it was chosen between a bulletin and an own item');
    }
    const reason = choice === null ? null : `choice-${choice}`;
    if (choice === 'ours') {
      this.unschedule(row);
      move(row.id, { state: 'accepted', by: by.name, reason }, { ...NOTHING_WANTED, schedule_id: null });
      return;
    }
    const schedule = this.#create(row, body, row.level === 'priority' || choice !== null, by);
    if (choice === 'theirs') {
      for (const { scheduleId, startAt } of collisions) giveWay(schedules, scheduleId, startAt, by.id);
    }
    const wish = JSON.stringify({ at, targets });
    move(
      row.id,
      { state: 'scheduled', by: by.name, reason },
      { ...NOTHING_WANTED, wish, schedule_id: schedule },
    );
    log.info({ audit: 'bulletin', bulletin: row.id, schedule, at, by: by.name }, 'a bulletin was scheduled');
  }

  /** In the place of an earlier one, which stays when this one cannot be. */
  #create(row: BulletinRow, body: ScheduleBody, acceptOverlaps: boolean, by: Person): string {
    const { schedules } = this.#deps;
    this.unschedule(row);
    try {
      return schedules.create(body, acceptOverlaps, by.id).id;
    } catch (error) {
      if (row.schedule_id !== null) {
        schedules.restore(row.schedule_id);
        this.#deps.rows.change(row.id, { schedule_id: row.schedule_id }, this.#deps.clock.now());
      }
      throw error;
    }
  }

  /** Takes it out of the timetable, if it is in. */
  unschedule({ id, schedule_id }: BulletinRow): void {
    const { schedules, rows, clock } = this.#deps;
    if (schedule_id === null) return;
    try {
      schedules.remove(schedule_id);
    } catch (error) {
      // A person may have removed it before.
      if (!(error instanceof Failure) || error.code !== 'not-found') throw error;
    }
    rows.change(id, { schedule_id: null }, clock.now());
  }

  #refuseLate({ title, expires_at }: BulletinRow, at: number, now: number): void {
    if (at > now && (expires_at === null || at < expires_at)) return;
    const detail =
      at <= now
        ? 'That moment is past; choose a later one.'
        : `“${title}” holds until ${new Date(expires_at ?? 0).toISOString()}; choose an earlier moment.`;
    throw new Failure('too-late', detail, { status: 422, params: { title, at } });
  }

  /** Collisions cannot be told while nobody knows how long it is. */
  async #ready(row: BulletinRow): Promise<void> {
    const { library, changes } = this.#deps;
    const { asset_id: asset } = row;
    if (asset === null) return;
    const onItsWay = (): boolean => ON_ITS_WAY.includes(library.asset(asset).state);
    if (onItsWay()) {
      await new Promise<void>((resolve) => {
        const done = (): void => {
          clearTimeout(timer);
          stopListening();
          resolve();
        };
        const timer = setTimeout(done, SOUND_MS);
        const stopListening = changes.listen((entity, id) => {
          if (entity === 'asset' && id === asset && !onItsWay()) queueMicrotask(done);
        });
      });
    }
    const { state, title } = library.asset(asset);
    if (state === 'ready') return;
    const detail = onItsWay()
      ? `The sound of “${title}” is still being made; try again in a moment.`
      : `The sound of “${title}” could not be made (${state}); look at it in the library.`;
    throw new Failure('sound-not-ready', detail, { status: 409, params: { title, state } });
  }

  #bodyOf(row: BulletinRow, at: number, targets: readonly Target[]): ScheduleBody {
    const { date, time } = wallClock(at, this.#deps.zone);
    return {
      title: row.title,
      content: { kind: 'programme', id: row.programme_id ?? '' },
      timetable: {
        rule: { kind: 'once', date, times: [time] },
        ...{ startDate: null, endDate: null, exceptDates: [], repeat: { count: 1, gapMs: 0 } },
      },
      targets: [...targets],
      priority: row.level === 'priority' ? 'priority' : 'scheduled',
      ...{ resume: 'resume', maxLatenessMs: MAX_LATENESS_MS, gainDb: 0, boardMinutes: null, enabled: true },
    };
  }

  /** Own items of the same class, or for a bulletin of no special class any, at that moment. */
  #collisions(row: BulletinRow, body: ScheduleBody): Collision[] {
    const { schedules } = this.#deps;
    const { overlaps } = schedules.preview(body, row.schedule_id ?? undefined);
    return overlaps.flatMap(({ first, second }) => {
      const other = [first, second].find(
        ({ scheduleId }) => scheduleId !== null && scheduleId !== row.schedule_id,
      );
      if (other?.scheduleId == null) return [];
      if (row.level === 'priority' && schedules.get(other.scheduleId).priority !== 'priority') return [];
      return [
        { scheduleId: other.scheduleId, title: other.title, startAt: other.startAt, endAt: other.endAt },
      ];
    });
  }

  async #fetch({ audio_url, title, language }: BulletinRow): Promise<string> {
    const { doorway, library } = this.#deps;
    const answer = await open(webAddress(audio_url ?? ''), doorway, { signal: this.#ending.signal });
    try {
      const filename = answer.url.pathname.split('/').at(-1) || 'bulletin';
      const expected = { expectedBytes: undefined, by: null };
      return await library.upload(Readable.from(answer.body), { filename, title, language, ...expected });
    } finally {
      answer.close();
    }
  }
}

const NOTHING_WANTED: BulletinChange = { wish: null, collisions: '[]' };
