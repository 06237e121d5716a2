import { readFile } from 'node:fs/promises';
import type { Logger } from 'pino';
import { SCENE_TYPE, Scene } from '#devices/scene';
import type { BlobStore } from '../blobs/store.ts';
import type { BoardStates } from '../boards/states.ts';
import type { Changes, Entity } from '../changes.ts';
import type { Clock } from '../clock.ts';
import type { Component } from '../component.ts';
import type { PublicItems } from './items.ts';
import { itemId, type StandingBoard, type StandingItem } from './standing-item.ts';

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
      this.#soon ??= setTimeout(() => {
        this.#soon = undefined;
        void this.look();
      }, GATHER_MS).unref();
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
    const found = new Map<string, Omit<StandingItem, 'scene' | 'boards'> & { boards: StandingBoard[] }>();
    const views = states.list();
    const wanted = states.wanted(views.map(({ id }) => id));
    for (const { id, name, panel, online, lastHeardAt, desired, acknowledged, rendered } of views) {
      const chosen = wanted.get(id)?.chosen ?? null;
      if (panel === null || desired === null || chosen === null) continue;
      const { parts, priority, endAt } = chosen.claim.occurrence;
      const scenes = parts.filter(({ type }) => type === SCENE_TYPE);
      const drawn = scenes.some(({ sha256 }) => sha256 === rendered?.sceneSha256);
      if (!acknowledged.is && !drawn) continue;
      const board = { name, lostSince: online ? null : lastHeardAt };
      for (const { sha256, title } of scenes) {
        const known = found.get(sha256);
        if (known === undefined) {
          const { width, height } = panel;
          found.set(sha256, {
            ...{
              id: itemId(sha256),
              sceneSha256: sha256,
              title,
              priority,
              since: chosen.since,
              until: endAt,
            },
            ...{ boards: [board], size: { width, height } },
          });
        } else if (!known.boards.includes(board)) {
          known.boards.push(board);
          found.set(sha256, {
            ...known,
            since: Math.min(known.since, chosen.since),
            until: Math.max(known.until, endAt),
          });
        }
      }
    }
    const standing: StandingItem[] = [];
    for (const item of found.values()) {
      const scene = await this.#scene(item.sceneSha256);
      if (scene !== null) standing.push({ ...item, scene });
    }
    standing.sort(
      (a, b) => Number(b.priority === 'emergency') - Number(a.priority === 'emergency') || b.since - a.since,
    );
    this.#now = standing.slice(0, MOST_ITEMS);
    this.#lookedAt = now;
    items.note(this.#now, now);
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
