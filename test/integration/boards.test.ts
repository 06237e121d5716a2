import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Scene } from '#devices/scene';
import { BoardSite, problemOf, type SiteBoard } from '../support/board-site.ts';
import { until } from '../support/until.ts';

const PATIENCE = { timeout: 60_000 };
let site: BoardSite;
let board: SiteBoard;
beforeAll(async () => {
  site = await BoardSite.open();
  board = await site.board('Bảng tin cổng phường');
}, 60_000);
afterAll(() => site?.close());

const picturePage = (visual: string): Scene => ({
  v: 2,
  language: 'vi',
  grid: { width: 192, height: 96 },
  pages: [
    {
      zones: [
        {
          rectangle: { x: 0, y: 0, width: 96, height: 96 },
          item: { type: 'image', visual, files: [], alt: 'Một ô vuông', fit: 'contain' },
        },
        {
          rectangle: { x: 96, y: 0, width: 96, height: 96 },
          item: { type: 'notice', text: 'Mời họp' },
        },
      ],
    },
  ],
});

describe('what is published', () => {
  test('stands on the board step by step, to the pixel, and goes at its moment', PATIENCE, async () => {
    const idle = await site.when(board.id, 'be idle', ({ mode }) => mode === 'idle');
    expect(idle).toMatchObject({ desired: null, online: true, rendered: { sceneSha256: null, as: 'same' } });
    const programme = await site.notice('Họp tổ dân phố lúc 19 giờ 30', 'MỜI HỌP');
    const endAt = Date.now() + 600_000;
    const published = await site.client.call('POST /boards/publish', {
      body: {
        ...{ programmeId: programme.id, until: endAt, acceptWarnings: true },
        targets: [{ kind: 'device', id: board.id }],
      },
    });
    expect(published).toMatchObject({ state: 'started', resume: 'join', priority: 'scheduled' });
    const stands = await site.when(
      board.id,
      'draw it',
      ({ desired, acknowledged, rendered }) =>
        desired !== null &&
        acknowledged.is &&
        rendered?.sceneSha256 === programme.sceneSha256 &&
        rendered.as === 'same',
    );
    expect(stands).toMatchObject({
      mode: 'playing',
      desired: { title: 'MỜI HỌP', priority: 'scheduled', sceneSha256: programme.sceneSha256, until: endAt },
      rendered: { sceneSha256: programme.sceneSha256, page: 0 },
    });
    const { scene } = await site.client.call('GET /boards/{id}/scene', { params: { id: board.id } });
    expect(scene?.pages[0]?.zones[0]?.item).toMatchObject({ type: 'notice', heading: 'MỜI HỌP' });
    await site.client.call('POST /devices/{id}/commands', {
      params: { id: board.id },
      body: { v: 1, type: 'capture', seconds: 1 },
    });
    const seen = await site.when(board.id, 'be seen', ({ seen }) => seen?.as === 'same');
    expect(seen.seen).toMatchObject({ fresh: true });
    const pictures = await site.client.call('GET /boards/{id}/pictures', { params: { id: board.id } });
    expect(pictures[0]).toMatchObject({
      id: seen.seen?.pictureId,
      pixelsSha256: stands.rendered?.pixelsSha256,
    });
    // The same, until a moment that comes soon.
    const soon = await site.publish(programme.id, [board.id], { untilMs: 5_000, replace: true });
    const over = await site.when(
      board.id,
      'be idle again',
      ({ mode, desired }) => mode === 'idle' && desired === null,
    );
    expect(over.rendered).toMatchObject({ sceneSha256: null, as: 'same' });
    const { state, endedAt } = await until('it to have ended', async () => {
      const detail = await site.client.call('GET /broadcasts/{id}', { params: { id: soon.id } });
      return detail.state === 'started' ? null : detail;
    });
    expect(state).toBe('ended');
    expect(endedAt).toBeGreaterThanOrEqual((soon.t0 ?? 0) + soon.durationMs);
  });

  test(
    'does not wait behind another one unknown to who publishes: it is named, and replaced when asked',
    PATIENCE,
    async () => {
      const [first, second] = [
        await site.notice('Lịch tiêm chủng tháng 12'),
        await site.notice('Cắt điện tổ 3'),
      ];
      const standing = await site.publish(first.id, [board.id]);
      await site.when(
        board.id,
        'show the first',
        ({ rendered }) => rendered?.sceneSha256 === first.sceneSha256,
      );
      const problem = await problemOf(site.publish(second.id, [board.id]));
      expect(problem).toMatchObject({
        ...{ status: 409, code: 'board-busy' },
        standing: [
          { title: first.title, broadcastId: standing.id, boardCount: 1, boards: [{ id: board.id }] },
        ],
      });
      const replacing = await site.publish(second.id, [board.id], { replace: true });
      await site.when(
        board.id,
        'show the second',
        ({ rendered }) => rendered?.sceneSha256 === second.sceneSha256,
      );
      const before = await site.client.call('GET /broadcasts/{id}', { params: { id: standing.id } });
      expect(before.state).toBe('stopped');
      await site.client.call('POST /broadcasts/{id}/stop', { params: { id: replacing.id } });
      await site.when(board.id, 'be idle', ({ mode, desired }) => mode === 'idle' && desired === null);
    },
  );

  test(
    'is refused while it cannot be read, each finding with the boards that it is about',
    PATIENCE,
    async () => {
      const tiny: Scene = {
        ...{ v: 2, language: 'vi' },
        pages: [{ zones: [{ item: { type: 'notice', text: 'Mời họp tổ dân phố', linePx: 8 } }] }],
      };
      const { id } = await site.composed('Chữ nhỏ', tiny);
      const body = {
        programmeId: id,
        targets: [{ kind: 'all' as const, id: '' }],
        until: Date.now() + 600_000,
      };
      const problem = await problemOf(site.client.call('POST /boards/publish', { body }));
      expect(problem).toMatchObject({ status: 422, code: 'board-findings' });
      expect(problem.findings?.[0]).toMatchObject({ width: 192, height: 96, boards: [{ id: board.id }] });
      expect(problem.findings?.[0]?.findings.map(({ code }) => code)).toContain('letters-too-small');
      const checked = await site.client.call('POST /boards/check', {
        body: { scene: tiny, panel: { width: 192, height: 96, pitchMm: 5 }, viewingMetres: 15 },
      });
      expect(checked).toEqual(problem.findings?.[0]?.findings);
      expect((await site.view(board.id)).desired).toBeNull();
    },
  );
});

describe('what is composed', () => {
  test('with a letter that no board has is refused by its name, as a notice is', async () => {
    const said = { heading: null, text: 'Chúc mừng 🎉 năm mới' };
    const notice = await problemOf(
      site.client.call('POST /programmes', { body: { title: 'Tết', notice: said } }),
    );
    expect(notice).toMatchObject({ status: 422, code: 'letters-missing', params: { letters: 'U+1F389 🎉' } });
    const scene: Scene = {
      v: 2,
      language: 'vi',
      pages: [{ zones: [{ item: { type: 'ticker', text: '你好' } }] }],
    };
    const composed = await problemOf(site.composed('Chào', scene));
    expect(composed.params).toMatchObject({ letters: 'U+4F60 你, U+597D 好', count: 2 });
  });

  test('cannot pass for an emergency: only an incident looks like one', async () => {
    const item = { type: 'emergency', level: 'red', heading: 'LŨ', text: 'Chạy ngay.' } as const;
    const problem = await problemOf(
      site.composed('Đùa', { v: 2, language: 'vi', pages: [{ zones: [{ item }] }] }),
    );
    expect(problem).toMatchObject({ status: 422, code: 'emergency-in-programme' });
  });

  test(
    'with pictures is made for the boards that there are, and again for one of another size',
    PATIENCE,
    async () => {
      const visual = await site.picture(400, 300);
      const draft = await site.composed('Có hình', picturePage(visual.id), {
        width: 192,
        height: 96,
        pitchMm: 5,
      });
      expect(['making', 'ready']).toContain(draft.boardState);
      const made = await site.made(draft.id);
      expect(made).toMatchObject({ boardState: 'ready', boardTrouble: null });
      const published = await site.publish(draft.id, [board.id]);
      await site.when(
        board.id,
        'draw the picture',
        ({ rendered }) => rendered?.sceneSha256 === made.sceneSha256 && rendered?.as === 'same',
      );
      const { scene } = await site.client.call('GET /boards/{id}/scene', { params: { id: board.id } });
      const item = scene?.pages[0]?.zones[0]?.item;
      if (item?.type !== 'image') throw new Error('the picture is gone');
      expect(item.files).toMatchObject([{ width: 96, height: 96 }]);
      expect(item.visual, 'of no meaning to a board').toBeUndefined();
      await site.client.call('POST /broadcasts/{id}/stop', { params: { id: published.id } });

      const wide = await site.board('Bảng tin nhà văn hóa', { panel: { width: 256, height: 64 } });
      const formats = await site.client.call('GET /boards/formats');
      expect(formats.map(({ width, height }) => `${width}×${height}`).sort()).toEqual(['192×96', '256×64']);
      const again = await until('it to be made for the new size', async () => {
        const programme = await site.made(draft.id);
        return programme.sceneSha256 === made.sceneSha256 ? null : programme;
      });
      await site.publish(again.id, [wide.id]);
      await site.when(
        wide.id,
        'draw it at its own size',
        ({ rendered }) => rendered?.sceneSha256 === again.sceneSha256 && rendered?.as === 'same',
      );
    },
  );
});

describe('an emergency', () => {
  test(
    'stands over everything with the very words that are spoken, and gives the board back',
    PATIENCE,
    async () => {
      const programme = await site.notice('Lịch tiếp dân tháng 12');
      await site.publish(programme.id, [board.id], { priority: 'priority' });
      await site.when(board.id, 'show it', ({ rendered }) => rendered?.sceneSha256 === programme.sceneSha256);
      const text = 'Nước sông Đáy đang lên nhanh, bà con ven sông hãy lên chỗ cao.';
      const incident = await site.client.call('POST /incidents', {
        body: { title: 'Cảnh báo lũ', heading: 'CẢNH BÁO LŨ', text, targets: [{ kind: 'all', id: '' }] },
      });
      const of = { params: { id: incident.id }, body: {} };
      await site.client.call('POST /incidents/{id}/confirm', of);
      const stands = await site.when(board.id, 'show it', ({ mode }) => mode === 'emergency');
      expect(stands.desired).toMatchObject({ priority: 'emergency', title: 'Cảnh báo lũ' });
      expect(stands.rendered?.sceneSha256).toBe(stands.desired?.sceneSha256);
      const { scene } = await site.client.call('GET /boards/{id}/scene', { params: { id: board.id } });
      const spoken = (await site.client.call('GET /assets')).find(({ source }) => source === 'speech');
      expect(scene?.pages[0]?.zones[0]?.item).toEqual({
        ...{ type: 'emergency', level: 'red', heading: 'CẢNH BÁO LŨ', text: spoken?.text },
      });
      expect(spoken?.text).toBe(text);
      await site.client.call('POST /incidents/{id}/all-clear', of);
      await site.when(
        board.id,
        'be back where it was',
        ({ mode, rendered }) => mode === 'playing' && rendered?.sceneSha256 === programme.sceneSha256,
      );
    },
  );
});
