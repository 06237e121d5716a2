import { readFile } from 'node:fs/promises';
import type { Logger } from 'pino';
import { Scene } from '#devices/scene';
import type { BlobStore } from '../blobs/store.ts';
import type { BoardStates } from '../boards/states.ts';
import type { Changes, Entity } from '../changes.ts';
import type { Clock } from '../clock.ts';
import type { Component } from '../component.ts';
import { Found, scenesIn } from './found.ts';
import type { PublicItems } from './items.ts';
import { itemId, type StandingItem } from './standing-item.ts';

export interface BoardWatchDeps {
  readonly states: Pick<BoardStates, 'list' | 'wanted'>;
  readonly items: PublicItems;
  readonly blobs: Pick<BlobStore, 'path'>;
  readonly changes: Changes;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Looked at so often even when nothing is announced: what stands by its plan begins and ends by itself. */
const EVERY_MS = 20_000;
/** After an announcement: many come at once. */
const GATHER_MS = 1_000;
/** A look at thousands of boards takes its time: no more than a twentieth of it is spent on looking. */
const COST_FACTOR = 20;
const MOVES: ReadonlySet<Entity> = new Set<Entity>([
  'broadcast',
  'incident',
  'plan',
  'play',
  'board',
  'device',
]);
const MOST_SCENES = 200;
/** What the web page has room for. */
const MOST_ITEMS = 100;

/** Knows what stands on the boards of the site, for the public: what boards have acknowledged, and not what was sent. */
export class BoardWatch implements Component {
  readonly #deps: BoardWatchDeps;
  readonly #scenes = new Map<string, Scene>();
  #now: readonly StandingItem[] = [];
  #lookedAt = 0;
  #revision = 0;
  #costMs = 0;
  #told = '';
  #timer: NodeJS.Timeout | undefined;
  #soon: NodeJS.Timeout | undefined;
  #looking: Promise<void> | undefined;
  #ignore = (): void => {};

  constructor(deps: BoardWatchDeps) {
    this.#deps = deps;
  }

  async start(): Promise<void> {
    this.#ignore = this.#deps.changes.listen((entity) => {
      if (!MOVES.has(entity)) return;
      this.#soon ??= setTimeout(
        () => {
          this.#soon = undefined;
          // A look that is under way may have missed it.
          void Promise.resolve(this.#looking).then(() => this.look());
        },
        Math.max(GATHER_MS, this.#costMs * COST_FACTOR),
      ).unref();
    });
    this.#timer = setInterval(() => void this.look(), EVERY_MS).unref();
    await this.look();
  }

  async stop(): Promise<void> {
    this.#ignore();
    clearInterval(this.#timer);
    clearTimeout(this.#soon);
    this.#soon = undefined;
    await this.#looking;
  }

  /** Emergencies first, then what began last. */
  get standing(): readonly StandingItem[] {
    return this.#now;
  }

  /** When it was looked at last. */
  get lookedAt(): number {
    return this.#lookedAt;
  }

  /** Another one whenever something else stands. */
  get revision(): number {
    return this.#revision;
  }

  /** Looks now; one look at a time. */
  look(): Promise<void> {
    this.#looking ??= this.#look()
      .catch((error: unknown) =>
        this.#deps.log.error({ err: error }, 'what stands on the boards is not known'),
      )
      .finally(() => {
        this.#looking = undefined;
      });
    return this.#looking;
  }

  async #look(): Promise<void> {
    const { states, items, clock } = this.#deps;
    const now = clock.now();
    const began = performance.now();
    const found = new Found();
    const views = states.list();
    const wanted = states.wanted(views.map(({ id }) => id));
    for (const { id, name, panel, online, lastHeardAt, desired, acknowledged, rendered } of views) {
      const { chosen = null, claims = [] } = wanted.get(id) ?? {};
      if (panel === null || desired === null || chosen === null) continue;
      const board = { name, lostSince: online ? null : lastHeardAt };
      const own = chosen.claim.occurrence;
      const drawn = scenesIn(own).some(({ sha256 }) => sha256 === rendered?.sceneSha256);
      if (acknowledged.is || drawn) found.add(own, { board, panel, since: chosen.since, paused: false });
      for (const { occurrence } of claims) {
        const paused =
          occurrence !== own && scenesIn(occurrence).some(({ sha256 }) => items.has(itemId(sha256)));
        if (paused) found.add(occurrence, { board, panel, since: occurrence.startAt, paused });
      }
    }
    this.#costMs = performance.now() - began;
    const standing: StandingItem[] = [];
    for (const item of found.items) {
      const scene = await this.#scene(item.sceneSha256);
      if (scene !== null) standing.push({ ...item, scene });
    }
    standing.sort(inOrder);
    this.#now = standing.slice(0, MOST_ITEMS);
    this.#lookedAt = now;
    items.note(
      this.#now.filter(({ paused }) => !paused),
      now,
    );
    const told = JSON.stringify(this.#now.map(({ scene: _, ...item }) => item));
    if (told === this.#told) return;
    this.#told = told;
    this.#revision += 1;
  }

  async #scene(sha256: string): Promise<Scene | null> {
    const known = this.#scenes.get(sha256);
    if (known !== undefined) return known;
    const { blobs, log } = this.#deps;
    try {
      const scene = Scene.parse(JSON.parse(await readFile(blobs.path(sha256), 'utf8')));
      const [oldest] = this.#scenes.keys();
      if (this.#scenes.size >= MOST_SCENES && oldest !== undefined) this.#scenes.delete(oldest);
      this.#scenes.set(sha256, scene);
      return scene;
    } catch (error) {
      log.warn({ err: error, scene: sha256 }, 'a scene that stands on boards cannot be read');
      return null;
    }
  }
}

const inOrder = (a: StandingItem, b: StandingItem): number =>
  rank(b) - rank(a) || b.since - a.since || a.id.localeCompare(b.id);
const rank = ({ priority, paused }: StandingItem): number =>
  (priority === 'emergency' ? 2 : 0) + (paused ? 0 : 1);
