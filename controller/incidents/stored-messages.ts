import type { Logger } from 'pino';
import { ulid } from 'ulid';
import type { z } from 'zod';
import { DeviceKind } from '#devices/kind';
import type { BlobStore } from '../blobs/store.ts';
import type { Changes } from '../changes.ts';
import type { Clock } from '../clock.ts';
import type { Store } from '../database/open.ts';
import type { Row } from '../database/schema.ts';
import { MOST_STORED, StoredByClass, storedItems } from '../desired/stored.ts';
import { Failure, notFound } from '../failure.ts';
import type { incidentRoutes, StoredMessage } from '../http/contract/incidents.ts';
import type { Library } from '../library/library.ts';
import { storeScene } from '../library/scene-of.ts';
import type { Actor } from './actor.ts';
import { emergencyScene } from './emergency-scene.ts';
import { isChoosable, soundOf } from './sounds.ts';

export interface StoredMessagesDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly changes: Changes;
  readonly log: Logger;
  readonly blobs: BlobStore;
  readonly library: Pick<Library, 'speak'>;
}

type Body = z.output<(typeof incidentRoutes)['POST /stored-messages']['body']>;
type Change = z.output<(typeof incidentRoutes)['PATCH /stored-messages/{id}']['body']>;
type MessageRow = Row<'stored_message'>;

/** Room is left for sirens and for what is said with a drill. */
const MOST_MESSAGES = MOST_STORED - 8;

/** The messages that every device keeps, so that an emergency sounds without a download. */
export class StoredMessages {
  readonly #deps: StoredMessagesDeps;

  constructor(deps: StoredMessagesDeps) {
    this.#deps = deps;
  }

  list(): StoredMessage[] {
    const rows = this.#deps.store.sqlite
      .prepare<[], MessageRow>(
        "SELECT * FROM stored_message WHERE purpose = 'message' AND removed_at IS NULL ORDER BY title, id",
      )
      .all();
    const held = this.#held();
    return rows.map((row) => this.#view(row, held));
  }

  /** Draws up what boards keep of them anew, as this version of the program does. */
  async renew(): Promise<void> {
    const { sqlite } = this.#deps.store;
    const rows = sqlite
      .prepare<[], MessageRow>(
        "SELECT * FROM stored_message WHERE purpose = 'message' AND removed_at IS NULL",
      )
      .all();
    for (const row of rows) {
      const scene = await this.#scene(row);
      if (scene === row.scene_sha256) continue;
      sqlite.prepare('UPDATE stored_message SET scene_sha256 = ? WHERE id = ?').run(scene, row.id);
      this.#deps.changes.announce('stored-message', row.id);
    }
  }

  /** @throws Failure `not-found`, also for a removed one. */
  row(id: string): MessageRow {
    const row = this.#deps.store.sqlite
      .prepare<[string], MessageRow>(
        "SELECT * FROM stored_message WHERE id = ? AND purpose = 'message' AND removed_at IS NULL",
      )
      .get(id);
    if (row === undefined) throw notFound('stored message', id);
    return row;
  }

  /** @throws Failure `too-many-stored`, `unknown-sound`, `language-not-spoken`. */
  async add(body: Body, by: Actor): Promise<StoredMessage> {
    const { sqlite } = this.#deps.store;
    const there = sqlite.prepare<[], number>(COUNT).pluck().get() ?? 0;
    if (there >= MOST_MESSAGES) {
      throw new Failure(
        'too-many-stored',
        `${there} messages are stored on every device, and there is room for no more; remove one first.`,
        { status: 409, params: { limit: MOST_MESSAGES } },
      );
    }
    const id = await this.#enter('message', body, by);
    this.#deps.log.info({ audit: 'stored-message', message: id, by: by.name }, 'a message was stored');
    return this.#view(this.row(id), this.#held());
  }

  /** @throws Failure `not-found`, `unknown-sound`, `language-not-spoken`. */
  async change(id: string, change: Change, by: Actor): Promise<StoredMessage> {
    const { store, clock, changes, log } = this.#deps;
    const before = this.row(id);
    const { assetId, title = before.title, heading = before.heading, text = before.text } = change;
    const { language = before.language } = change;
    const next = { ...before, title, heading, text, language };
    const newWords = next.text !== before.text || next.language !== before.language;
    let { asset_id, spoken } = before;
    if (typeof assetId === 'string') {
      asset_id = this.#chosen(assetId);
      spoken = 0;
    } else if ((assetId === null && spoken === 0) || (spoken === 1 && newWords)) {
      asset_id = await this.#speak(next, by);
      spoken = 1;
    }
    const scene_sha256 = await this.#scene(next);
    const now = Math.round(clock.now());
    store.sqlite
      .prepare(
        `UPDATE stored_message SET title = @title, heading = @heading, text = @text, language = @language,
          asset_id = @asset_id, spoken = @spoken, scene_sha256 = @scene_sha256, created_by = @by, updated_at = @now
          WHERE id = @id`,
      )
      .run({ ...next, asset_id, spoken, scene_sha256, now, by: by.id });
    log.info({ audit: 'stored-message-changed', message: id, by: by.name }, 'a stored message was changed');
    changes.announce('stored-message', id);
    return this.#view(this.row(id), this.#held());
  }

  /** @throws Failure `not-found`. */
  remove(id: string, by: Actor): void {
    const { store, clock, changes, log } = this.#deps;
    this.row(id);
    const now = Math.round(clock.now());
    store.sqlite.prepare('UPDATE stored_message SET removed_at = ? WHERE id = ?').run(now, id);
    log.info({ audit: 'stored-message-removed', message: id, by: by.name }, 'a stored message was removed');
    changes.announce('stored-message', id);
  }

  /**
   * The sound of what is said with a drill, made when there is none of this text yet.
   * @returns the asset's id. @throws Failure `language-not-spoken`.
   */
  async drillSound(text: string, language: string, by: Actor): Promise<string> {
    const { sqlite } = this.#deps.store;
    const found = sqlite
      .prepare<[string, string], string>(
        `SELECT m.asset_id FROM stored_message m JOIN asset a ON a.id = m.asset_id
          WHERE m.purpose = 'drill' AND m.removed_at IS NULL AND m.text = ? AND m.language = ?
            AND a.state NOT IN ('refused', 'cancelled')`,
      )
      .pluck()
      .get(text, language);
    if (found !== undefined) return found;
    const id = await this.#enter('drill', { title: text, heading: null, text, language, assetId: null }, by);
    // What was said with earlier drills need not be kept any longer.
    sqlite
      .prepare(
        "UPDATE stored_message SET removed_at = ? WHERE purpose = 'drill' AND removed_at IS NULL AND id <> ?",
      )
      .run(Math.round(this.#deps.clock.now()), id);
    return sqlite
      .prepare<[string], string>('SELECT asset_id FROM stored_message WHERE id = ?')
      .pluck()
      .get(id) as string;
  }

  async #enter(purpose: MessageRow['purpose'], body: Body, by: Actor): Promise<string> {
    const { store, clock, changes } = this.#deps;
    const { title, heading, text, language, assetId } = body;
    const asset = assetId === null ? await this.#speak(body, by) : this.#chosen(assetId);
    const scene = await this.#scene(body);
    const now = Math.round(clock.now());
    const id = ulid(now);
    store.sqlite
      .prepare(
        `INSERT INTO stored_message (id, purpose, title, heading, text, language, asset_id, spoken, scene_sha256,
            created_by, created_at, updated_at)
          VALUES (@id, @purpose, @title, @heading, @text, @language, @asset, @spoken, @scene, @by, @now, @now)`,
      )
      .run({
        ...{ id, purpose, title, heading, text, language, asset, scene, now },
        ...{ spoken: assetId === null ? 1 : 0, by: by.id },
      });
    changes.announce('stored-message', id);
    return id;
  }

  #speak(
    { title, text, language }: { readonly title: string; readonly text: string; readonly language: string },
    by: Actor,
  ): Promise<string> {
    return this.#deps.library.speak(title.slice(0, 200), { text, language }, by.id);
  }

  #chosen(asset: string): string {
    if (isChoosable(this.#deps.store, asset)) return asset;
    throw new Failure(
      'unknown-sound',
      `There is no sound ${asset} that could be played; choose another one, or have the text spoken.`,
      { status: 422, params: { id: asset } },
    );
  }

  #scene({
    title,
    heading,
    text,
    language,
  }: Pick<MessageRow, 'title' | 'heading' | 'text' | 'language'>): Promise<string> {
    const { blobs, clock } = this.#deps;
    const scene = emergencyScene({ title, heading, text, language, drill: false, frame: null });
    return storeScene(blobs, scene, Math.round(clock.now()));
  }

  #view(row: MessageRow, { devices, heldBy }: Held): StoredMessage {
    const sound = soundOf(this.#deps.store, row.asset_id);
    return {
      ...{ id: row.id, title: row.title, heading: row.heading, text: row.text, language: row.language },
      ...{ assetId: row.asset_id, ready: sound !== null, durationMs: sound?.durationMs ?? null },
      ...{ heldBy: sound === null ? 0 : heldBy, devices, updatedAt: row.updated_at },
    };
  }

  /**
   * How many devices hold all that is stored: those that follow the newest document, and say in their heartbeat that
   * they have as many files of it as there are for their class. Which ones are missing a device does not tell.
   */
  #held(): Held {
    const { store } = this.#deps;
    const classes = store.sqlite
      .prepare<[], { kind: string; capabilities: string; stored: number | null; devices: number }>(
        `SELECT kind, capabilities, count(*) AS devices,
            CASE WHEN reported_revision >= desired_revision
                AND last_heartbeat ->> '$.stored.held' >= last_heartbeat ->> '$.stored.of'
              THEN last_heartbeat ->> '$.stored.held' END AS stored
          FROM device WHERE removed_at IS NULL GROUP BY 1, 2, 4`,
      )
      .all();
    const wanted = new StoredByClass(storedItems(store));
    let devices = 0;
    let heldBy = 0;
    for (const { kind, capabilities, stored, devices: count } of classes) {
      devices += count;
      const files = wanted.of(DeviceKind.parse(kind), capabilities).length;
      if (stored !== null && stored >= files) heldBy += count;
    }
    return { devices, heldBy };
  }
}

interface Held {
  readonly devices: number;
  readonly heldBy: number;
}

const COUNT = "SELECT count(*) FROM stored_message WHERE purpose = 'message' AND removed_at IS NULL";
