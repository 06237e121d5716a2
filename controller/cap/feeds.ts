import type { Logger } from 'pino';
import type { Changes } from '../changes.ts';
import type { Clock } from '../clock.ts';
import type { Component } from '../component.ts';
import type { Store } from '../database/open.ts';
import type { Row } from '../database/schema.ts';
import type { AlertFeed } from '../http/contract/alerts.ts';
import type { Policies } from '../policies/policies.ts';
import type { Doorway } from '../relay/connect.ts';
import { openWhole, webAddress } from '../relay/fetch.ts';
import { StreamTrouble } from '../relay/trouble.ts';
import type { Alerts } from './alerts.ts';
import { type FeedEntry, readFeed } from './feed-entries.ts';
import { MOST_ALERT_BYTES } from './intake.ts';
import { CapRefusal } from './refusal.ts';
import { xmlText } from './safe-xml.ts';

export interface FeedsDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly changes: Changes;
  readonly log: Logger;
  readonly policies: Policies;
  readonly alerts: Pick<Alerts, 'receive'>;
  /** What addresses are opened through; a feed's own host is allowed besides, for an administrator set it. */
  readonly doorway: Doorway;
}

const MOST_FEED_BYTES = 2 * 1024 * 1024;
/** Alerts that are fetched in one visit; the rest comes with the next. */
const MOST_FETCHED = 40;
/** The whole of an answer, however slowly it drips. */
const ANSWER_MS = 30_000;
/** A feed that fails is asked less and less often, and at least every ten minutes. */
const LONGEST_PAUSE_MS = 10 * 60_000;
/** What was seen so long ago stands in no feed any more. */
const REMEMBERED_MS = 90 * 86_400_000;

/** The feeds that an administrator set, asked for alerts, each at its own pace. */
export class Feeds implements Component {
  readonly #deps: FeedsDeps;
  readonly #timers = new Map<string, NodeJS.Timeout>();
  readonly #failures = new Map<string, number>();
  readonly #visits = new Map<string, Promise<void>>();
  readonly #ending = new AbortController();
  #stopListening: (() => void) | undefined;

  constructor(deps: FeedsDeps) {
    this.#deps = deps;
  }

  async start(): Promise<void> {
    this.#stopListening = this.#deps.changes.listen((entity, name) => {
      if (entity === 'policy' && name === 'cap') queueMicrotask(() => this.#changed());
    });
    this.#plan();
  }

  async stop(): Promise<void> {
    this.#stopListening?.();
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
    this.#ending.abort(new Error('the controller stops'));
    await Promise.all(this.#visits.values());
  }

  /** Those of the policy, and how it went with each. */
  list(): AlertFeed[] {
    const known = this.#deps.store.sqlite.prepare<[string], Row<'cap_feed'>>(
      'SELECT * FROM cap_feed WHERE url = ?',
    );
    return this.#feeds().map(({ url }) => {
      const row = known.get(url);
      const { checked_at: checkedAt = null, good_at: goodAt = null, trouble = null } = row ?? {};
      return { url, checkedAt, goodAt, trouble };
    });
  }

  /** Asks one feed now. What goes wrong is noted with the feed, and never thrown. */
  visit(url: string): Promise<void> {
    const under = this.#visits.get(url);
    if (under !== undefined) return under;
    const visit = this.#visit(url)
      .then(
        () => this.#visited(url, null),
        (error: unknown) => this.#visited(url, error),
      )
      .finally(() => this.#visits.delete(url));
    this.#visits.set(url, visit);
    return visit;
  }

  /** An administrator may have allowed a sender, or set a certificate: what was turned away before is looked at again. */
  #changed(): void {
    if (this.#ending.signal.aborted) return;
    this.#deps.store.sqlite.exec('DELETE FROM cap_feed_entry; DELETE FROM cap_feed;');
    this.#failures.clear();
    this.#plan();
  }

  #plan(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
    // The first time soon, and not all at once.
    for (const { url } of this.#feeds()) this.#wait(url, 500 + Math.random() * 2_000);
  }

  #feeds() {
    return this.#deps.policies.read('cap').feeds;
  }

  #wait(url: string, ms: number): void {
    if (this.#ending.signal.aborted) return;
    clearTimeout(this.#timers.get(url));
    this.#timers.set(
      url,
      setTimeout(() => void this.visit(url), ms),
    );
  }

  #visited(url: string, error: unknown): void {
    const { store, clock, log } = this.#deps;
    if (this.#ending.signal.aborted) return;
    const unchanged = error instanceof StreamTrouble && error.code === 'http-304';
    const trouble =
      error === null || unchanged ? null : error instanceof Error ? error.message : String(error);
    const failures = trouble === null ? 0 : (this.#failures.get(url) ?? 0) + 1;
    this.#failures.set(url, failures);
    if (trouble !== null && failures === 1)
      log.warn({ err: error, feed: url }, 'a feed of alerts could not be read');
    const now = Math.round(clock.now());
    store.sqlite
      .prepare(
        `INSERT INTO cap_feed (url, checked_at, good_at, trouble) VALUES (@url, @now, @good, @trouble)
          ON CONFLICT DO UPDATE SET checked_at = @now, good_at = coalesce(@good, good_at), trouble = @trouble`,
      )
      .run({ url, now, good: trouble === null ? now : null, trouble: trouble?.slice(0, 500) ?? null });
    const feed = this.#feeds().find((each) => each.url === url);
    if (feed === undefined) return;
    const every = feed.everySeconds * 1_000;
    const pause = failures === 0 ? every : Math.max(every, Math.min(LONGEST_PAUSE_MS, every * 2 ** failures));
    // So that a thousand wards do not all ask in the same second.
    this.#wait(url, pause * (0.9 + Math.random() * 0.2));
  }

  /** @throws StreamTrouble, CapRefusal. */
  async #visit(url: string): Promise<void> {
    const { store } = this.#deps;
    const known = store.sqlite
      .prepare<[string], Row<'cap_feed'>>('SELECT * FROM cap_feed WHERE url = ?')
      .get(url);
    const unlike = { etag: known?.etag ?? null, lastModified: known?.last_modified ?? null };
    const answer = await this.#fetch(webAddress(url), url, MOST_FEED_BYTES, unlike);
    const entries = readFeed(xmlText(answer.bytes, MOST_FEED_BYTES), answer.url);
    const complete = await this.#takeAll(url, entries);
    // What could not be had this time must be offered again.
    if (!complete) return;
    const { etag = null, 'last-modified': lastModified = null } = answer.headers;
    store.sqlite
      .prepare(
        `INSERT INTO cap_feed (url, etag, last_modified) VALUES (@url, @etag, @lastModified)
          ON CONFLICT DO UPDATE SET etag = @etag, last_modified = @lastModified`,
      )
      .run({ url, etag, lastModified });
  }

  /** The oldest first, as they were written. @returns whether all of them were dealt with. */
  async #takeAll(url: string, entries: readonly FeedEntry[]): Promise<boolean> {
    const { store, clock } = this.#deps;
    const seen = store.sqlite.prepare<[string, string], 1>(
      'SELECT 1 FROM cap_feed_entry WHERE url = ? AND entry = ?',
    );
    const remember = store.sqlite.prepare(
      'INSERT INTO cap_feed_entry (url, entry, seen_at) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET seen_at = excluded.seen_at',
    );
    const fresh = entries.filter(({ key }) => seen.get(url, key) === undefined).reverse();
    let fetched = 0;
    let complete = true;
    for (const { key, alert } of fresh) {
      if (fetched >= MOST_FETCHED) return false;
      if (alert !== null && 'link' in alert) fetched += 1;
      const done = alert === null || (await this.#take(url, alert));
      if (done) remember.run(url, key, Math.round(clock.now()));
      else complete = false;
    }
    store.sqlite
      .prepare('DELETE FROM cap_feed_entry WHERE seen_at < ?')
      .run(Math.round(clock.now()) - REMEMBERED_MS);
    return complete;
  }

  /** @returns false when it is worth trying again. */
  async #take(url: string, alert: NonNullable<FeedEntry['alert']>): Promise<boolean> {
    const { alerts, log } = this.#deps;
    try {
      const bytes =
        'xml' in alert
          ? Buffer.from(alert.xml)
          : (await this.#fetch(alert.link, url, MOST_ALERT_BYTES)).bytes;
      await alerts.receive(bytes, url, true);
      return true;
    } catch (error) {
      this.#ending.signal.throwIfAborted();
      const final =
        error instanceof CapRefusal || (error instanceof StreamTrouble && error.kind === 'refused');
      log[final ? 'info' : 'warn']({ err: error, feed: url }, 'an alert of a feed was not taken');
      return final;
    }
  }

  #fetch(
    address: URL,
    feed: string,
    mostBytes: number,
    unlike?: { readonly etag: string | null; readonly lastModified: string | null },
  ) {
    const { doorway, policies } = this.#deps;
    const { hosts, privateHosts } = policies.read('relay');
    const own = { hosts: [...hosts, new URL(feed).host], privateHosts };
    const signal = AbortSignal.any([this.#ending.signal, AbortSignal.timeout(ANSWER_MS)]);
    const asked = unlike === undefined ? {} : { unlike };
    const answer = openWhole(
      webAddress(address.href),
      { ...doorway, policy: () => own },
      { signal, mostBytes, ...asked },
    );
    // Whatever becomes of the connection, the time is over when it is over.
    return Promise.race([answer, aborted(signal)]);
  }
}

const aborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_resolve, reject) => {
    if (signal.aborted) reject(signal.reason);
    else signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
