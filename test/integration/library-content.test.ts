import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Scene } from '#devices/scene';
import { LibrarySite } from '../support/library-site.ts';
import { until } from '../support/until.ts';

const DAY = 86_400_000;
let now = Date.UTC(2026, 10, 24);
let site: LibrarySite;
let url = '';
beforeAll(async () => {
  site = await LibrarySite.start({ clock: { now: () => now } });
  url = await site.listen();
  await site.settled('chime-default');
  await site.settled('siren-default');
});
afterAll(() => site?.stop());
beforeEach(() => {
  site.announced.length = 0;
});

const CHIME = 'chime-default';
async function call(
  operation: string,
  body?: unknown,
): Promise<{ status: number; body: Record<string, unknown> & { id: string } }> {
  const [method = '', where = ''] = operation.split(' ');
  const response = await fetch(url + where, {
    method,
    ...(body === undefined
      ? {}
      : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  });
  return { status: response.status, body: await response.json() };
}
const made = async (path: string, body: unknown) => {
  const answer = await call(`POST ${path}`, body);
  expect(answer.status, JSON.stringify(answer.body)).toBe(201);
  return answer.body;
};
const schedule = (id: string, content: { programme?: string; playlist?: string }) =>
  site.store.sqlite
    .prepare(
      `INSERT INTO schedule (id, title, programme_id, playlist_id, timetable, priority, resume, max_lateness_ms, gain_db, created_at, updated_at)
        VALUES (?, 'Sáng nào cũng có', ?, ?, '{}', 'scheduled', 'resume', 0, 0, 1, 1)`,
    )
    .run(id, content.programme ?? null, content.playlist ?? null);

describe('programmes', () => {
  test('a notice is stored as the very scene that boards will show', async () => {
    const notice = { heading: 'Lịch cắt điện', text: 'Tổ 3, từ 8 giờ đến 11 giờ.', durationMs: 20_000 };
    const programme = await made('/programmes', { title: 'Cắt điện', notice });
    expect(programme).toMatchObject({ asset: null, notice, durationMs: 20_000, language: 'vi' });
    const { scene_sha256 } = site.store.sqlite
      .prepare<[string], { scene_sha256: string }>('SELECT scene_sha256 FROM programme WHERE id = ?')
      .get(programme.id) ?? { scene_sha256: '' };
    const scene = Scene.parse(JSON.parse(await readFile(site.blobs.path(scene_sha256), 'utf8')));
    expect(scene.pages).toEqual([
      { zones: [{ item: { type: 'notice', heading: notice.heading, text: notice.text } }] },
    ]);
    const same = await made('/programmes', { title: 'Lần nữa', notice: { ...notice, durationMs: 9_000 } });
    const other = site.store.sqlite
      .prepare('SELECT scene_sha256 FROM programme WHERE id = ?')
      .pluck()
      .get(same.id);
    expect(other, 'one scene, one blob').toBe(scene_sha256);
  });

  test('with sound, the sound is its length', async () => {
    const notice = { text: 'Xin chào', durationMs: 60_000 };
    const programme = await made('/programmes', { title: 'Cả hai', assetId: CHIME, notice });
    expect(programme.durationMs).toBe(site.asset(CHIME).durationMs);
    expect(site.asset(CHIME).usedBy).toBeGreaterThan(0);
    expect(site.announced).toEqual([`programme ${programme.id}`, `asset ${CHIME}`]);
  });

  test('renaming one changes nothing else', async () => {
    const programme = await made('/programmes', {
      title: 'Cũ',
      language: 'en',
      assetId: CHIME,
      notice: { text: 'A' },
    });
    const { body } = await call(`PATCH /programmes/${programme.id}`, { title: 'Mới' });
    expect(body).toEqual({ ...programme, title: 'Mới', updatedAt: body.updatedAt });
  });

  test('taking the last thing out of one is refused', async () => {
    const programme = await made('/programmes', { title: 'Chỉ có tiếng', assetId: CHIME });
    const { status, body } = await call(`PATCH /programmes/${programme.id}`, { assetId: null });
    expect([status, body.code]).toEqual([400, 'nothing-to-play']);
    expect((await call('POST /programmes', { title: 'Trống' })).body.code).toBe('nothing-to-play');
  });

  test('one of a refused sound is refused, with the reason', async () => {
    const response = await fetch(`${url}/assets?filename=x.wav`, { method: 'POST', body: 'no sound' });
    const { id } = (await response.json()) as { id: string };
    await site.settled(id);
    const { status, body } = await call('POST /programmes', { title: 'X', assetId: id });
    expect([status, body.code]).toEqual([409, 'not-usable']);
    expect((await call('POST /programmes', { title: 'X', assetId: 'nobody' })).status).toBe(404);
  });

  test('is found without typing accents', async () => {
    const programme = await made('/programmes', { title: 'Bản tin Đường làng', assetId: CHIME });
    const { body } = await call('GET /programmes?search=duong+LANG');
    expect((body as unknown as { id: string }[]).map(({ id }) => id)).toEqual([programme.id]);
  });
});

describe('nothing that is still needed can be removed, and every removal can be undone', () => {
  test('a sound in a programme, a programme in a playlist, a playlist in a schedule', async () => {
    const programme = await made('/programmes', { title: 'Bản tin', assetId: CHIME });
    const playlist = await made('/playlists', {
      title: 'Buổi sáng',
      chimeAssetId: CHIME,
      items: [programme.id, programme.id],
    });
    schedule(`s-${playlist.id}`, { playlist: playlist.id });
    for (const [path, user] of [
      [`/assets/${CHIME}`, undefined],
      [`/programmes/${programme.id}`, 'Buổi sáng'],
      [`/playlists/${playlist.id}`, 'Sáng nào cũng có'],
    ] as const) {
      const { status, body } = await call(`DELETE ${path}`);
      expect([status, body.code], path).toEqual([409, 'in-use']);
      if (user !== undefined) expect(body.params).toMatchObject({ title: user, uses: 1 });
    }
    expect((await call(`GET /programmes/${programme.id}`)).body.usedBy).toBe(1);
    expect((await call(`GET /playlists/${playlist.id}`)).body.usedBy).toBe(1);
  });

  test('restoring a playlist brings back what it is made of', async () => {
    const programme = await made('/programmes', { title: 'Đi rồi về', notice: { text: 'B' } });
    const playlist = await made('/playlists', { title: 'Danh sách', items: [programme.id] });
    expect((await call(`DELETE /playlists/${playlist.id}`)).status).toBe(200);
    expect((await call(`DELETE /programmes/${programme.id}`)).status).toBe(200);
    expect((await call(`GET /playlists/${playlist.id}`)).status).toBe(404);
    expect((await call(`POST /playlists/${playlist.id}/restore`)).body).toEqual(
      expect.objectContaining({ title: 'Danh sách', items: playlist.items }),
    );
    expect((await call(`GET /programmes/${programme.id}`)).status).toBe(200);
  });
});

describe('playlists', () => {
  test('keep their order, their length and, when renamed, their items', async () => {
    const [a, b] = [
      await made('/programmes', { title: 'A', assetId: CHIME }),
      await made('/programmes', { title: 'B', notice: { text: 'B', durationMs: 5_000 } }),
    ];
    const playlist = await made('/playlists', {
      title: 'Cũ',
      chimeAssetId: CHIME,
      items: [b.id, a.id, b.id],
    });
    const chime = site.asset(CHIME).durationMs ?? 0;
    expect(playlist.durationMs).toBe(2 * chime + 10_000);
    const { body } = await call(`PATCH /playlists/${playlist.id}`, { title: 'Mới' });
    expect(body).toEqual({ ...playlist, title: 'Mới', updatedAt: body.updatedAt });
    const shorter = await call(`PATCH /playlists/${playlist.id}`, { items: [a.id], chimeAssetId: null });
    expect(shorter.body).toMatchObject({
      chimeAssetId: null,
      durationMs: chime,
      items: [{ programmeId: a.id }],
    });
    expect((await call('POST /playlists', { title: 'X', items: ['nobody'] })).status).toBe(404);
  });

  test('have no length while a sound in them is on its way', async () => {
    site.library.rows.insert(
      {
        id: 'coming',
        title: 'Đang đến',
        filename: null,
        source: 'upload',
        language: 'vi',
        text: null,
        state: 'receiving',
        created_by: null,
      },
      now,
    );
    const programme = await made('/programmes', { title: 'Sắp có', assetId: 'coming' });
    const playlist = await made('/playlists', { title: 'Sắp có', items: [programme.id] });
    expect([programme.durationMs, playlist.durationMs]).toEqual([null, null]);
  });
});

describe('what was removed stays for 30 days, and the disk does not fill up', () => {
  test('a sound goes when nothing names it, and stays while a plan does', async () => {
    const speak = async (text: string) => {
      const { body } = await call('POST /speech', { title: text, text });
      await site.settled(body.id);
      return site.asset(body.id);
    };
    const [loose, planned] = [await speak('Một hai ba'), await speak('Bốn năm sáu')];
    site.store.sqlite
      .prepare(
        `INSERT INTO plan (sha256, jws, bytes, occurrences, valid_from, valid_until, created_at) VALUES ('p', '', 0, 0, 0, 0, 0)`,
      )
      .run();
    site.store.sqlite
      .prepare(`INSERT INTO plan_blob (plan_sha256, blob_sha256) VALUES ('p', ?)`)
      .run(planned.sha256);
    for (const { id } of [loose, planned]) expect((await call(`DELETE /assets/${id}`)).status).toBe(200);
    await until('the work to end', () => site.library.rows.count(['queued', 'working']) === 0);

    now += 29 * DAY;
    site.library.purge();
    expect((await call(`POST /assets/${loose.id}/restore`)).body.state).toBe('ready');
    await call(`DELETE /assets/${loose.id}`);

    now += 31 * DAY;
    site.library.purge();
    const files = await site.blobFiles();
    expect(files).not.toContain(loose.sha256);
    expect(files, 'a device may still have to fetch it').toContain(planned.sha256);
    expect(files, 'the chime is in use').toContain(site.asset(CHIME).sha256);
    expect(await call(`POST /assets/${loose.id}/restore`)).toMatchObject({
      status: 410,
      body: { code: 'gone' },
    });
  });
});
