import type { Readable } from 'node:stream';
import { ulid } from 'ulid';
import type { Changes } from '../changes.ts';
import type { Clock } from '../clock.ts';
import type { Component } from '../component.ts';
import type { Store } from '../database/open.ts';
import type { Row } from '../database/schema.ts';
import { Failure, notFound } from '../failure.ts';
import type { FirmwareImage } from '../http/contract/firmware.ts';
import type { ImageStore } from './image-store.ts';
import { imageView } from './rollout-rows.ts';

export interface ImagesDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly changes: Changes;
  readonly files: ImageStore;
  readonly mostBytes: number;
}

/** What a technician says of an image. */
export interface ImageEntry {
  readonly model: string;
  readonly version: string;
  readonly note: string;
  readonly by: string | null;
  readonly expectedBytes: number | undefined;
}

/** The firmware images that may be rolled out: one of each version of a model. */
export class Images implements Component {
  readonly #deps: ImagesDeps;

  constructor(deps: ImagesDeps) {
    this.#deps = deps;
  }

  async start(): Promise<void> {
    await this.#deps.files.tidy((sha256) => this.#referred(sha256));
  }

  async stop(): Promise<void> {}

  list(): FirmwareImage[] {
    return this.#deps.store.sqlite
      .prepare<[], Row<'firmware_image'>>(
        'SELECT * FROM firmware_image WHERE removed_at IS NULL ORDER BY created_at DESC, id DESC',
      )
      .all()
      .map(imageView);
  }

  /**
   * Takes an image in as it comes.
   * @throws Failure `version-taken` 409; what {@link ImageStore.receive} throws.
   */
  async add(stream: Readable, entry: ImageEntry): Promise<FirmwareImage> {
    const { store, clock, changes, files, mostBytes } = this.#deps;
    const { model, version, note, by, expectedBytes } = entry;
    this.#mustBeFree(model, version);
    const { sha256, bytes } = await files.receive(stream, { expectedBytes, mostBytes });
    // Two uploads of one version may have gone on side by side.
    this.#mustBeFree(model, version);
    const now = clock.now();
    const row = { id: ulid(now), model, version, sha256, bytes, note, created_at: now, created_by: by };
    store.sqlite
      .prepare(
        `INSERT INTO firmware_image (id, model, version, sha256, bytes, note, created_at, created_by)
          VALUES (@id, @model, @version, @sha256, @bytes, @note, @created_at, @created_by)`,
      )
      .run(row);
    changes.announce('firmware', row.id);
    return imageView({ ...row, removed_at: null });
  }

  /** @throws Failure `not-found`; `image-in-use` 409 while a rollout of it goes on. */
  async remove(id: string): Promise<void> {
    const { store, clock, changes, files } = this.#deps;
    const row = store.sqlite
      .prepare<[string], Row<'firmware_image'>>(
        'SELECT * FROM firmware_image WHERE id = ? AND removed_at IS NULL',
      )
      .get(id);
    if (row === undefined) throw notFound('firmware', id);
    const used = store.sqlite
      .prepare("SELECT 1 FROM rollout WHERE image_id = ? AND state IN ('running','halted')")
      .get(id);
    if (used !== undefined) {
      throw new Failure('image-in-use', 'A rollout of this image goes on; cancel that first.', {
        status: 409,
      });
    }
    store.sqlite.prepare('UPDATE firmware_image SET removed_at = ? WHERE id = ?').run(clock.now(), id);
    changes.announce('firmware', id);
    if (!this.#referred(row.sha256)) await files.remove(row.sha256);
  }

  #mustBeFree(model: string, version: string): void {
    const taken = this.#deps.store.sqlite
      .prepare('SELECT 1 FROM firmware_image WHERE model = ? AND version = ? AND removed_at IS NULL')
      .get(model, version);
    if (taken === undefined) return;
    throw new Failure(
      'version-taken',
      `There is an image of version ${version} for ${model}; a version is one image for ever, so give this one another.`,
      { status: 409, params: { model, version } },
    );
  }

  #referred(sha256: string): boolean {
    const row = this.#deps.store.sqlite
      .prepare('SELECT 1 FROM firmware_image WHERE sha256 = ? AND removed_at IS NULL')
      .get(sha256);
    return row !== undefined;
  }
}
