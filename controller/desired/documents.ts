import { createHash } from 'node:crypto';
import type { CryptoKey } from 'jose';
import type { Logger } from 'pino';
import { DeviceKind, type Settings } from '#devices/kind';
import { Desired } from '#devices/messages/desired';
import { sign } from '#devices/signature';
import { type Zone, zoneOf } from '#schedules/zone';
import type { Changes } from '../changes.ts';
import type { Clock } from '../clock.ts';
import type { Component } from '../component.ts';
import type { Store } from '../database/open.ts';
import type { SiteGuards } from '../guards/site-guards.ts';
import { groupsOf } from '../registry/membership.ts';
import { every } from '../registry/ticking.ts';
import { BoardSite } from './board-settings.ts';
import { fallbackFiles } from './board-stored.ts';
import { OF_MODEL, SETTINGS_COLUMNS, type SettingsRow, settingsOf } from './settings-of.ts';
import { StoredByClass, storedItems } from './stored.ts';

export interface DesiredDocumentsDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly changes: Changes;
  readonly log: Logger;
  /** The wall clock of the site, by its IANA name; volumes by time of day are in its time. */
  readonly zone: string;
  /** Stands on boards that have no title of their own. */
  readonly siteName: string;
  /** What may be heard when, and where. */
  readonly guards: Pick<SiteGuards, 'ofDevices' | 'onChanged'>;
  readonly key: { readonly kid: string; readonly privateKey: CryptoKey };
  readonly link: {
    readonly connected: boolean;
    publishDesired(device: string, jws: string): Promise<boolean>;
    onConnected(listener: () => void): () => void;
  };
}

interface Facts extends SettingsRow {
  readonly id: string;
  readonly capabilities: string;
  readonly desired_revision: number;
  readonly reported_revision: number;
  readonly desired_issued_at: number | null;
  readonly desired_digest: string | null;
  readonly plan_revision: number | null;
  readonly plan_sha256: string | null;
  readonly plan_bytes: number | null;
}

const IN_ONE_GO = 200;
const DAY_MS = 86_400_000;
/** A device that was in a cupboard for a year still finds a document that holds. */
const VALID_MS = 400 * DAY_MS;
const RENEWED_AFTER_MS = 200 * DAY_MS;
/** How soon after a change of daylight saving the documents follow. */
const WALL_CLOCK_MS = 20_000;

/**
 * What each device is to hold: its settings, its groups and its plan, as one signed, versioned, retained document. The
 * document is computed from the database, so that any number of changes, lost messages or restarts end in the same
 * place; the same revision is the same bytes for ever, because Ed25519 signatures have no randomness.
 */
export class DesiredDocuments implements Component {
  readonly #deps: DesiredDocumentsDeps;
  readonly #changed = new Set<string>();
  /** To be published even if nothing changed. */
  readonly #again = new Set<string>();
  readonly #zone: Zone;
  readonly #ends: (() => void)[] = [];
  /** Of the wall clock from UTC, as the documents have it, ms. */
  #offsetMs = 0;
  #work: Promise<void> | undefined;
  #stopped = false;

  constructor(deps: DesiredDocumentsDeps) {
    this.#deps = deps;
    this.#zone = zoneOf(deps.zone);
  }

  /** From now on every document is published whenever the link has come to stand: a broker may have forgotten. */
  async start(): Promise<void> {
    const { link, log, guards, changes } = this.#deps;
    this.#offsetMs = this.#offsetNow();
    this.#ends.push(
      link.onConnected(() => void this.publishAll()),
      guards.onChanged(changes, () => void this.refresh(this.#everyDevice())),
      every(WALL_CLOCK_MS, 'looking at the wall clock', log, () => void this.followWallClock()),
    );
    if (link.connected) await this.publishAll();
  }

  async stop(): Promise<void> {
    for (const end of this.#ends.splice(0)) end();
    this.#stopped = true;
    await this.#work;
  }

  /**
   * Looks whether what these devices are to hold changed; if so, gives it the next revision and publishes it.
   * @returns when all that was asked for until now is done. Never rejects: what fails is logged and told again at the
   *   next connection.
   */
  refresh(devices: Iterable<string>): Promise<void> {
    for (const device of devices) this.#changed.add(device);
    return this.#working();
  }

  /** Publishes the document of a device that the broker knows nothing of yet, changed or not. */
  publish(device: string): Promise<void> {
    this.#again.add(device);
    return this.#working();
  }

  /** Publishes every device's document again, as when a broker started empty. */
  publishAll(): Promise<void> {
    for (const id of this.#everyDevice()) this.#again.add(id);
    return this.#working();
  }

  #everyDevice(): string[] {
    return this.#deps.store.sqlite
      .prepare<[], string>('SELECT id FROM device WHERE removed_at IS NULL ORDER BY id')
      .pluck()
      .all();
  }

  /**
   * Where the wall clock moves against UTC, twice a year in many places, steps of volume and allowed hours move with it. Called now and
   * then; a start of the program that missed the moment finds the difference when it publishes all.
   */
  async followWallClock(): Promise<void> {
    const offsetMs = this.#offsetNow();
    if (offsetMs === this.#offsetMs) return;
    this.#offsetMs = offsetMs;
    await this.refresh(this.#everyDevice());
  }

  #offsetNow(): number {
    const now = this.#deps.clock.now();
    return this.#zone.toLocal(now) - now;
  }

  #working(): Promise<void> {
    this.#work ??= this.#drain();
    return this.#work;
  }

  /** One after the other, so that a later revision can never be overtaken by an earlier one. */
  async #drain(): Promise<void> {
    // Not within the caller: what changes while this runs must find it running until the very moment it looks no more.
    await Promise.resolve();
    while (!this.#stopped && this.#changed.size + this.#again.size > 0) {
      const ids: string[] = [];
      for (const id of this.#changed) if (ids.length < IN_ONE_GO) ids.push(id);
      for (const id of this.#again) if (ids.length < IN_ONE_GO && !this.#changed.has(id)) ids.push(id);
      const wanted = new Set(ids.filter((id) => this.#again.has(id)));
      for (const id of ids) {
        this.#changed.delete(id);
        this.#again.delete(id);
      }
      try {
        await this.#publish(this.#settle(ids, wanted));
      } catch (error) {
        this.#deps.log.error({ err: error, devices: ids.length }, 'desired documents could not be issued');
      }
      await new Promise((resolve) => setImmediate(resolve));
    }
    this.#work = undefined;
  }

  /** Brings revisions up to date. @returns what must be published: what changed, and what is `wanted` anyway. */
  #settle(
    ids: readonly string[],
    wanted: ReadonlySet<string>,
  ): { id: string; issuedAt: number; body: Desired }[] {
    const { store, clock, changes } = this.#deps;
    const { sqlite } = store;
    const now = clock.now();
    const groups = groupsOf(store, ids);
    const stored = new StoredByClass(storedItems(store));
    const hours = this.#deps.guards.ofDevices(ids);
    const facts = sqlite.prepare<[string], Facts>(FACTS).all(JSON.stringify(ids));
    const write = sqlite.prepare(ISSUED);
    const offsetMs = this.#offsetNow();
    const boards = new BoardSite(store, this.#deps.siteName, offsetMs);
    const due: { id: string; issuedAt: number; body: Desired }[] = [];
    const changed: string[] = [];
    sqlite.transaction(() => {
      for (const fact of facts) {
        const guards = hours.get(fact.id)?.guardsAt(now);
        const content = {
          ...contentOf(fact, groups.get(fact.id) ?? [], settingsOf(fact, offsetMs, guards, boards)),
          ...stored.named(
            DeviceKind.parse(fact.kind),
            fact.capabilities,
            fallbackFiles(store, fact.board, fact.capabilities),
          ),
        };
        const digest = createHash('sha256').update(JSON.stringify(content)).digest('hex');
        const lasts = fact.desired_issued_at !== null && now - fact.desired_issued_at < RENEWED_AFTER_MS;
        // A database that was put back from a backup has forgotten revisions, and a device takes none below its own.
        const foremost = fact.reported_revision <= fact.desired_revision;
        if (digest === fact.desired_digest && lasts && foremost) {
          if (!wanted.has(fact.id)) continue;
          due.push({
            id: fact.id,
            issuedAt: fact.desired_issued_at ?? now,
            body: Desired.parse({ ...content, revision: fact.desired_revision }),
          });
          continue;
        }
        const revision = Math.max(fact.desired_revision, fact.reported_revision) + 1;
        write.run({ id: fact.id, revision, digest, now });
        changed.push(fact.id);
        due.push({ id: fact.id, issuedAt: now, body: Desired.parse({ ...content, revision }) });
      }
    })();
    for (const id of changed) changes.announce('device', id);
    return due;
  }

  async #publish(due: readonly { id: string; issuedAt: number; body: Desired }[]): Promise<void> {
    const { link, key } = this.#deps;
    // Without a link nothing is lost: all is published when it stands again.
    if (!link.connected) return;
    const sent: Promise<boolean>[] = [];
    for (const { id, issuedAt, body } of due) {
      const jti = `desired-${id}-${body.revision}`;
      const jws = await sign(
        'desired',
        body,
        { jti, aud: id, issuedAt, expiresAt: issuedAt + VALID_MS },
        key,
      );
      sent.push(link.publishDesired(id, jws));
    }
    await Promise.all(sent);
  }
}

/** `unreported_since` stays while the device is behind: it says how long it has not followed. */
const ISSUED = `
  UPDATE device SET
    unreported_since = CASE WHEN unreported_since IS NULL OR reported_revision >= desired_revision
      THEN @now ELSE unreported_since END,
    desired_revision = @revision, desired_digest = @digest, desired_issued_at = @now
  WHERE id = @id`;

const FACTS = `
  SELECT d.id, d.capabilities, ${SETTINGS_COLUMNS}, d.desired_revision, d.reported_revision, d.desired_issued_at,
    d.desired_digest, dp.revision AS plan_revision, dp.plan_sha256, plan.bytes AS plan_bytes
  FROM device d ${OF_MODEL}
  LEFT JOIN device_plan dp ON dp.device_id = d.id
    AND dp.revision = (SELECT max(revision) FROM device_plan WHERE device_id = d.id AND superseded_at IS NULL)
  LEFT JOIN plan ON plan.sha256 = dp.plan_sha256
  WHERE d.removed_at IS NULL AND d.id IN (SELECT value FROM json_each(?))`;

function contentOf(fact: Facts, groups: readonly string[], settings: Settings): Omit<Desired, 'revision'> {
  const { plan_revision: revision, plan_sha256: sha256, plan_bytes: bytes } = fact;
  return {
    v: 1,
    settings,
    groups: groups.slice(0, 64),
    plan:
      revision === null || sha256 === null || bytes === null
        ? null
        : { revision, sha256, bytes, url: `/device/v1/plans/${sha256}` },
  };
}
