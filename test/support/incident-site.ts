import { ulid } from 'ulid';
import { systemClock } from '#controller/clock';
import type { Actor } from '#controller/incidents/actor';
import type { IncidentRequest } from '#controller/incidents/draft';
import { Incidents } from '#controller/incidents/incidents';
import { StoredMessages } from '#controller/incidents/stored-messages';
import { DEFAULT_SIREN } from '#controller/library/siren';
import { Policies } from '#controller/policies/policies';
import { openBroadcastSite } from './broadcast-site.ts';
import { silent } from './embedded-broker.ts';

export const HUONG: Actor = { id: 'u-huong', name: 'Nguyễn Thị Hường' };
export const DAT: Actor = { id: 'u-dat', name: 'Trần Quốc Đạt' };
export const UOC: Actor = { id: 'u-uoc', name: 'Lê Văn Ước' };

export const WORDS = 'Nước sông Đáy đang lên nhanh, bà con ven sông hãy lên chỗ cao.';

export const request = (change: Partial<IncidentRequest> = {}): IncidentRequest => ({
  ...{ title: 'Cảnh báo lũ', heading: 'CẢNH BÁO LŨ', text: WORDS, language: 'vi' },
  ...{ targets: [{ kind: 'all', id: '' }], sirenAssetId: null, repeats: 2, storedMessageId: null },
  ...{ minutes: 60, drill: null },
  ...change,
});

export type IncidentSite = Awaited<ReturnType<typeof openIncidentSite>>;

/**
 * Incidents on a site of real broker, database and broadcasts, with speakers and boards that only talk. When a text is
 * spoken is the test's to say: how long that takes is no fact of incidents.
 */
export async function openIncidentSite(options: Parameters<typeof openBroadcastSite>[0]) {
  const site = await openBroadcastSite(options);
  const { store, changes, blobs } = site;
  const base = { store, clock: systemClock, changes, log: silent };
  const policies = new Policies(base);
  const asked: string[] = [];
  let spoken = options.directory === undefined ? 0 : 1_000;
  const insert = store.sqlite.prepare(
    `INSERT OR IGNORE INTO asset (id, title, source, language, text, state, duration_ms, opus_sha256, mp3_sha256,
        created_at, updated_at) VALUES (@id, @title, @source, 'vi', @text, @state, @durationMs, @opus, @mp3, 0, 0)`,
  );
  const sound = (durationMs: number) => {
    spoken += 1;
    const [opus, mp3] = ['c', 'd'].map((digit) => `${digit}${String(spoken).padStart(63, '0')}`);
    const enter = store.sqlite.prepare(
      'INSERT INTO blob (sha256, bytes, type, created_at) VALUES (?, 100, ?, 0)',
    );
    enter.run(opus, 'audio/ogg');
    enter.run(mp3, 'audio/mpeg');
    return { opus, mp3, durationMs };
  };
  if (options.directory === undefined) {
    const siren = { id: DEFAULT_SIREN, title: 'Còi báo động', source: 'siren', text: null, state: 'ready' };
    insert.run({ ...siren, ...sound(500) });
  }
  const library = {
    speak: async (title: string, { text }: { readonly text: string }) => {
      const id = ulid();
      const row = { id, title, source: 'speech', text, state: 'queued' };
      insert.run({ ...row, opus: null, mp3: null, durationMs: null });
      asked.push(id);
      return id;
    },
  };
  const deps = { ...base, blobs, library, policies, broadcasts: site.broadcasts, link: site.link };
  const storedMessages = new StoredMessages(deps);
  const incidents = new Incidents({ ...deps, storedMessages });
  await incidents.start();
  return {
    ...site,
    ...{ policies, storedMessages, incidents },
    /** The words that were asked for last, or those of an asset, are spoken now, and last so long. */
    speakNow: (durationMs = 60_000, asset = asked.at(-1) ?? '') => {
      store.sqlite
        .prepare(
          "UPDATE asset SET state = 'ready', duration_ms = @durationMs, opus_sha256 = @opus, mp3_sha256 = @mp3 WHERE id = @asset",
        )
        .run({ asset, ...sound(durationMs) });
      changes.announce('asset', asset);
    },
    refuseWords: (asset = asked.at(-1) ?? '') => {
      store.sqlite
        .prepare("UPDATE asset SET state = 'refused', refusal = 'not-spoken' WHERE id = ?")
        .run(asset);
      changes.announce('asset', asset);
    },
    stop: async () => {
      await incidents.stop();
      await site.stop();
    },
  };
}
