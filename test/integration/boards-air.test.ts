import { createHash } from 'node:crypto';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { setAlarm } from '#controller/broadcasts/alarm';
import { SiteGuards } from '#controller/guards/site-guards';
import { GuardsPolicy } from '#controller/http/contract/policies';
import { purge, UNDO_DAYS } from '#controller/library/purge';
import { sceneOf, storeScene } from '#controller/library/scene-of';
import { Broadcast } from '#devices/broadcast';
import { SCENE_TYPE, type Scene } from '#devices/scene';
import { type BroadcastSite, idOf, openBroadcastSite } from '../support/broadcast-site.ts';
import { until } from '../support/until.ts';

const DAY = 86_400_000;
let site: BroadcastSite;
afterEach(async () => {
  await site.stop();
  await site.discard();
});

const panel = (width: number, height: number) =>
  JSON.stringify({ codecs: [], panel: { width, height, pitchMm: 5 } });

/** A programme of the library for boards alone, with so many files of pictures. */
async function programme(
  id: string,
  scene: Scene,
  files: readonly { sha256: string; panels: object[] }[] = [],
) {
  const { sqlite } = site.store;
  const sha256 = await storeScene(site.blobs, scene, Date.now());
  for (const file of files) {
    sqlite
      .prepare("INSERT OR IGNORE INTO blob (sha256, bytes, type, created_at) VALUES (?, 900, 'image/png', ?)")
      .run(file.sha256, Date.now());
    sqlite
      .prepare('INSERT INTO scene_file (scene_sha256, file_sha256, panels) VALUES (?, ?, ?)')
      .run(sha256, file.sha256, JSON.stringify(file.panels));
  }
  sqlite
    .prepare(
      'INSERT INTO programme (id, title, scene_sha256, notice_duration_ms, created_at, updated_at) VALUES (?, ?, ?, 60000, 0, 0)',
    )
    .run(id, `Thông báo ${id}`, sha256);
  return sha256;
}

const play = (id: string, more: Partial<Parameters<BroadcastSite['broadcasts']['play']>[0]> = {}) =>
  site.broadcasts.play({
    ...{ content: { kind: 'programme', id }, targets: [{ kind: 'all', id: '' }], priority: 'priority' },
    ...{ resume: 'join', volume: null, patienceMs: 2_000, by: 'Hường', singlePhase: true },
    ...more,
  });

const bodyOf = (id: string) =>
  JSON.parse(site.store.sqlite.prepare('SELECT body FROM broadcast WHERE id = ?').pluck().get(id) as string);

describe('at night', () => {
  const NIGHT = GuardsPolicy.parse({ allowed: [{ from: '12:00', until: '12:01' }] });
  const zone = 'Asia/Ho_Chi_Minh';
  const dark = (store: BroadcastSite['store']) => new SiteGuards({ store, zone, policy: () => NIGHT });

  test('a notice is put on boards, which make no noise; what sounds is refused for the loudspeakers beside them', async () => {
    // Noon is the one minute at which this would say nothing.
    vi.useFakeTimers({ now: Date.UTC(2026, 10, 23, 20), toFake: ['Date'] });
    try {
      site = await openBroadcastSite({ devices: 2, boards: 1, guards: dark });
      await programme('n1', sceneOf({ heading: null, text: 'Mất nước tổ 3' }, 'vi'));
      expect(await play('n1')).toMatchObject({ state: 'started' });
      await expect(play('p1')).rejects.toMatchObject({ code: 'quiet-hours' });
      // Both in one: who asked for sound is told.
      site.store.sqlite.prepare("UPDATE programme SET asset_id = 'a1' WHERE id = 'n1'").run();
      await expect(play('n1')).rejects.toMatchObject({ code: 'quiet-hours' });
      expect(await play('n1', { targets: [{ kind: 'device', id: idOf(1) }] })).toMatchObject({
        state: 'started',
      });
    } finally {
      vi.useRealTimers();
    }
  });
});

describe('a scene', () => {
  test('that is short comes in the message, with the very bytes that its name says', async () => {
    site = await openBroadcastSite({ devices: 1, boards: 1 });
    const sha256 = await programme('n1', sceneOf({ heading: 'MỜI HỌP', text: 'Tối nay' }, 'vi'));
    const board = await site.speaker(0, { board: true, checksScene: true }).connect(site.broker.port);
    const { id } = await play('n1');
    const [rendition] = bodyOf(id).parts[0].renditions;
    expect(rendition).toMatchObject({ sha256, type: SCENE_TYPE });
    expect(createHash('sha256').update(rendition.inline, 'utf8').digest('hex')).toBe(sha256);
    await until('the board to show it without fetching anything', () => board.playing === id);
  });

  test('that has more letters than a message may bring is fetched, and not refused by the board', async () => {
    site = await openBroadcastSite({ devices: 1, boards: 1 });
    const scene: Scene = {
      ...{ v: 2, language: 'vi' },
      pages: ['1', '2', '3'].map((page) => ({
        zones: [{ item: { type: 'notice', text: `${page} ${'ba con '.repeat(400)}` } }],
      })),
    };
    const sha256 = await programme('n1', scene);
    const body = bodyOf((await play('n1')).id);
    expect(body.parts[0].renditions).toEqual([{ sha256, bytes: expect.any(Number), type: SCENE_TYPE }]);
    expect(Broadcast.safeParse(body).success).toBe(true);
  });

  test('that would not fit is fetched', async () => {
    site = await openBroadcastSite({ devices: 1, boards: 1 });
    const long = Array.from({ length: 6 }, (_, index) => `${index} ${'bà con chú ý '.repeat(250)}`);
    const scene: Scene = {
      ...{ v: 2, language: 'vi' },
      pages: long.map((text) => ({ zones: [{ item: { type: 'notice', text } }] })),
    };
    const sha256 = await programme('n1', scene);
    const { id } = await play('n1');
    expect(bodyOf(id).parts[0].renditions).toEqual([{ sha256, bytes: expect.any(Number), type: SCENE_TYPE }]);
    const kept = site.store.sqlite.prepare('SELECT until FROM broadcast_blob WHERE blob_sha256 = ?').pluck();
    expect(kept.get(sha256)).toBeGreaterThan(Date.now());
  });

  test('with pictures names those that the boards need, and they may be fetched until its end', async () => {
    site = await openBroadcastSite({ devices: 2, boards: 2 });
    const set = site.store.sqlite.prepare('UPDATE device SET capabilities = ? WHERE id = ?');
    set.run(panel(192, 96), idOf(0));
    set.run(panel(256, 64), idOf(1));
    const files = [
      { sha256: '1'.repeat(64), panels: [{ width: 192, height: 96 }] },
      { sha256: '2'.repeat(64), panels: [{ width: 256, height: 64 }] },
      { sha256: '3'.repeat(64), panels: [{ width: 1920, height: 1080 }] },
    ];
    await programme('n1', sceneOf({ heading: null, text: 'Có hình' }, 'vi'), files);
    const both = bodyOf((await play('n1')).id);
    expect(both.parts[0].files.map(({ sha256 }: { sha256: string }) => sha256[0])).toEqual(['1', '2']);
    const targets = [{ kind: 'device' as const, id: idOf(1) }];
    const one = await play('n1', { targets });
    expect(bodyOf(one.id).parts[0].files).toMatchObject([{ sha256: '2'.repeat(64), type: 'image/png' }]);
    const may = site.store.sqlite
      .prepare('SELECT until FROM broadcast_blob WHERE broadcast_id = ? AND blob_sha256 = ?')
      .pluck();
    expect(may.get(one.id, '2'.repeat(64))).toBeGreaterThan(Date.now());
    expect(may.get(one.id, '1'.repeat(64))).toBeUndefined();
  });

  test('that nothing names any more goes, and lets go of its pictures; one that stands on a board stays', async () => {
    site = await openBroadcastSite({ devices: 1, boards: 1 });
    const old = Date.now() - (UNDO_DAYS + 1) * DAY;
    const picture = { sha256: '1'.repeat(64), panels: [] };
    const gone = await programme('n1', sceneOf({ heading: null, text: 'Cũ' }, 'vi'), [picture]);
    const kept = await programme('n2', sceneOf({ heading: null, text: 'Còn hiện' }, 'vi'), [picture]);
    await play('n2');
    const { sqlite } = site.store;
    sqlite.prepare('UPDATE programme SET scene_sha256 = NULL').run();
    sqlite.prepare('UPDATE blob SET created_at = ? WHERE type = ?').run(old, SCENE_TYPE);
    purge(site.store, site.blobs, Date.now());
    const there = sqlite.prepare('SELECT sha256 FROM blob WHERE type = ?').pluck().all(SCENE_TYPE);
    expect(there).toContain(kept);
    expect(there).not.toContain(gone);
    expect(sqlite.prepare('SELECT DISTINCT scene_sha256 FROM scene_file').pluck().all()).toEqual([kept]);
    // Stored again, it is young again.
    await storeScene(site.blobs, sceneOf({ heading: null, text: 'Còn hiện' }, 'vi'), Date.now());
    expect(sqlite.prepare('SELECT created_at FROM blob WHERE sha256 = ?').pluck().get(kept)).toBeGreaterThan(
      old,
    );
  });
});

test('what stands for a month does not wake the program every millisecond of it', async () => {
  site = await openBroadcastSite({ devices: 1 });
  vi.useFakeTimers();
  try {
    const now = Date.now();
    const run = { timer: null } as Parameters<typeof setAlarm>[0];
    let rung = 0;
    setAlarm(run, now + 31 * DAY, now, () => {
      rung += 1;
    });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(rung).toBe(0);
  } finally {
    vi.useRealTimers();
  }
});
