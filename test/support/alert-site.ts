import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { ulid } from 'ulid';
import { Alerts } from '#controller/cap/alerts';
import { Feeds } from '#controller/cap/feeds';
import { IncidentAlarm } from '#controller/cap/incident-alarm';
import { OwnMessages } from '#controller/cap/own-messages';
import { publicFeedRouter } from '#controller/cap/public-feed';
import { capRouter } from '#controller/cap/webhook';
import { CapPolicy, type Policy } from '#controller/http/contract/policies';
import type { Problem } from '#controller/http/contract/route';
import type { CapReceipt, ProvinceStatus } from '#controller/http/contract/upstream';
import { problemHandler } from '#controller/http/problem';
import { Programmes } from '#controller/library/programmes';
import { Secrets } from '#controller/policies/secrets';
import { provinceRouter } from '#controller/province/adapter';
import { Bulletins, type BulletinsDeps } from '#controller/province/bulletins';
import { signatureOf } from '#controller/province/hmac';
import type { Doorway } from '#controller/relay/connect';
import { Schedules } from '#controller/timetable/schedules';
import { noGuards } from './any-hour.ts';
import { MET } from './cap-alert.ts';
import { silent } from './embedded-broker.ts';
import { openIncidentSite } from './incident-site.ts';

export const TOKEN = 'a-token-of-sixteen-letters';
export const HMAC = 'a-secret-of-the-province';
export const ZONE = 'Asia/Ho_Chi_Minh';

export type AlertSite = Awaited<ReturnType<typeof openAlertSite>>;
export type Answer<T> = { status: number; body: T & Partial<Problem> };

/**
 * Alerts and bulletins on a site of real incidents, behind real HTTP, with a clock that the test turns. Even speakers lie
 * in the ward, at 20.52, 105.92 and a little further east each; odd ones have no place. The last device is a board.
 */
export async function openAlertSite(
  options: {
    devices?: number;
    at?: number;
    library?: (site: Awaited<ReturnType<typeof openIncidentSite>>) => BulletinsDeps['library'];
  } = {},
) {
  const { devices = 3, at = Date.now() } = options;
  const site = await openIncidentSite({ devices: devices + 1, boards: 1 });
  const { store, changes, policies, incidents, blobs } = site;
  const clock = { at, now: () => clock.at };
  for (let index = 0; index < devices; index += 2) {
    const id = `loa-${String(index).padStart(5, '0')}`;
    store.sqlite
      .prepare('UPDATE device SET latitude = 20.52, longitude = ? WHERE id = ?')
      .run(105.92 + index / 10_000, id);
  }
  const base = { store, clock, changes, log: silent };
  const secrets = new Secrets(base);
  secrets.change('cap-token', TOKEN, null);
  secrets.change('province-hmac', HMAC, null);
  const alarm = new IncidentAlarm(incidents);
  const programmes = new Programmes({ ...base, blobs });
  const guards = noGuards(store);
  const schedules = new Schedules({ ...base, guards, config: { LOA_TIMEZONE: ZONE } });
  const doorway: Doorway = { policy: () => policies.read('relay'), resolve: async () => ['127.0.0.1'] };
  const library = options.library?.(site) ?? spokenAtOnce(site);
  const bulletins = new Bulletins({ ...base, alarm, library, programmes, schedules, doorway, zone: ZONE });
  const alerts = new Alerts({ ...base, policies, alarm, inbox: bulletins });
  const feeds = new Feeds({ ...base, policies, alerts, doorway });
  const publicUrl = 'https://loa.phuvan.vn';
  const own = new OwnMessages({
    ...{ store, publicUrl, siteName: 'Phường Phù Vân' },
    ...{ incident: (id) => incidents.view(id), geocodes: () => policies.read('cap').geocodes },
  });
  const app = express();
  app.use('/api/v1', capRouter({ alerts, secrets, limit: 10_000 }));
  app.use('/api/v1', provinceRouter({ store, clock, policies, secrets, bulletins }));
  app.use('/public', publicFeedRouter({ own, changes, publicUrl, siteName: 'Phường Phù Vân', zone: ZONE }));
  app.use(problemHandler(silent));
  const server = await listening(app);
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await bulletins.start();
  await alerts.start();
  const setCap = (value: Partial<Policy<'cap'>>): void =>
    void policies.change('cap', CapPolicy.parse({ ...policies.read('cap'), ...value }), null);
  const known = new Set<string>();
  const setUp = (): void => {
    const senders = [{ sender: MET, name: 'KTTV', policy: 'play' as const, certificate: null }];
    policies.change('cap', CapPolicy.parse({ senders }), null);
    policies.change('province', { enabled: true, sender: 'Ninh Bình' }, null);
  };
  setUp();
  const everyIncident = () => incidents.list({}, { limit: 200, cursor: undefined }).items;
  return {
    ...site,
    ...{ clock, secrets, bulletins, alerts, feeds, schedules, programmes, url, setCap, own },
    /** Those that were drawn up since it was cleared last, the newest first. */
    drawn: () => everyIncident().filter(({ id }) => !known.has(id)),
    /** As it was in the beginning, but for incidents that are over. */
    clear: async () => {
      for (const { id, state } of everyIncident()) {
        known.add(id);
        if (state === 'active')
          await incidents.allClear(id, null, { id: null, name: 'test' }).catch(() => {});
      }
      store.sqlite.exec(
        `DELETE FROM cap_reference; DELETE FROM cap_alert; DELETE FROM cap_feed; DELETE FROM cap_feed_entry;
          DELETE FROM bulletin_event; DELETE FROM bulletin; DELETE FROM webhook_signature;
          UPDATE schedule SET removed_at = 1`,
      );
      clock.at = at;
      setUp();
    },
    /** @param headers over those of a sender that has the token. */
    post: async (
      xml: string | Uint8Array,
      headers: Record<string, string> = {},
    ): Promise<Answer<CapReceipt>> => {
      const given = { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/cap+xml', ...headers };
      const sent = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== ''));
      const answer = await fetch(`${url}/api/v1/cap`, {
        method: 'POST',
        headers: sent,
        body: xml as BodyInit,
      });
      return { status: answer.status, body: (await answer.json()) as CapReceipt & Partial<Problem> };
    },
    /** As the province calls. */
    province: async (
      body: unknown,
      options: { secret?: string; at?: number; signature?: string } = {},
    ): Promise<Answer<ProvinceStatus> & { signature: string }> => {
      const text = Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
      const seconds = Math.floor((options.at ?? clock.at) / 1_000);
      const signature = options.signature ?? signatureOf(options.secret ?? HMAC, seconds, text);
      const answer = await fetch(`${url}/api/v1/province/bulletins`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-loa-signature': signature },
        body: text,
      });
      const status = (await answer.json()) as ProvinceStatus & Partial<Problem>;
      return { status: answer.status, body: status, signature };
    },
    stop: async () => {
      await feeds.stop();
      await alerts.stop();
      await bulletins.stop();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await site.stop();
      await site.discard();
    },
  };
}

export async function listening(app: Parameters<typeof createServer>[1]): Promise<Server> {
  const server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

/** How long a voice takes is no fact of bulletins: here every text is a sound of ten minutes at once. */
function spokenAtOnce({
  store,
  changes,
}: Awaited<ReturnType<typeof openIncidentSite>>): BulletinsDeps['library'] {
  const asset = (id: string) =>
    store.sqlite.prepare<[string], never>('SELECT *, 0 AS used_by FROM asset WHERE id = ?').get(id) as never;
  return {
    speak: async (title, { text }) => {
      const id = ulid();
      store.sqlite
        .prepare(
          `INSERT INTO asset (id, title, source, text, state, duration_ms, opus_sha256, mp3_sha256, created_at, updated_at)
            VALUES (?, ?, 'speech', ?, 'ready', 600000, ?, ?, 0, 0)`,
        )
        .run(id, title, text, 'a'.repeat(64), 'b'.repeat(64));
      changes.announce('asset', id);
      return id;
    },
    upload: async () => Promise.reject(new Error('no sound is expected here')),
    asset,
  };
}
