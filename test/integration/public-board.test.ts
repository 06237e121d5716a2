import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Programme } from '#controller/http/contract/library';
import { isReader } from '#controller/public-board/counter';
import { listPage } from '#controller/public-board/page';
import type { StandingItem } from '#controller/public-board/standing-item';
import { languageOf } from '#controller/public-board/words';
import { BoardSite, type SiteBoard } from '../support/board-site.ts';
import { pixels } from '../support/pictures.ts';
import { until } from '../support/until.ts';

const PATIENCE = { timeout: 60_000 };
const READER = 'Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36';
const TITLE = 'MỜI HỌP <b>TỔ DÂN PHỐ</b>';
let site: BoardSite;
let board: SiteBoard;
let programme: Programme;
let id: string;

beforeAll(async () => {
  site = await BoardSite.open();
  board = await site.board('Bảng tin cổng phường');
  programme = await site.notice('Đúng 19 giờ 30 tại nhà văn hoá.\nMời bà con & các đoàn thể.', TITLE);
  id = String(programme.sceneSha256).slice(0, 16);
  await site.publish(programme.id, [board.id]);
  await site.when(board.id, 'draw it', ({ rendered }) => rendered?.sceneSha256 === programme.sceneSha256);
}, 60_000);
afterAll(() => site?.close());

const open = (address = '', headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${site.client.url}/public/board${address}`, {
    redirect: 'manual',
    headers: { 'user-agent': 'curl/8.0', ...headers },
  });
const page = async (address = ''): Promise<string> => (await open(address)).text();
/** The page of all, once it has something to say. */
const pageWith = (words: string): Promise<string> =>
  until(`the page to say ${words}`, async () => {
    const text = await page();
    return text.includes(words) ? text : null;
  });
const section = (text: string, name: 'now' | 'lately'): string =>
  new RegExp(`aria-labelledby="${name}">(.*?)</section>`, 's').exec(text)?.[1] ?? '';

describe('the public board', () => {
  test(
    'says as text what stands on the boards, where and until when, and runs nothing that somebody wrote',
    PATIENCE,
    async () => {
      const text = section(await pageWith('Mời bà con'), 'now');
      expect(text).toContain('MỜI HỌP &lt;b&gt;TỔ DÂN PHỐ&lt;/b&gt;');
      expect(text).not.toContain('<b>');
      expect(text).toContain('<p>Đúng 19 giờ 30 tại nhà văn hoá.</p>');
      expect(text).toContain('<p>Mời bà con &amp; các đoàn thể.</p>');
      expect(text).toContain('Ở đâu: Bảng tin cổng phường');
      expect(text).toMatch(/Từ <time datetime="[^"]+">\d\d:\d\d ngày \d\d\/\d\d\/\d{4}<\/time> đến <time/);
      const whole = await page();
      expect(whole).toMatch(/<html lang="vi">/);
      for (const landmark of [
        '<header',
        '<main id="content"',
        '<footer',
        'class="skip" href="#content"',
        '<h1>',
      ]) {
        expect(whole).toContain(landmark);
      }
      expect(whole.match(/<h1/g)).toHaveLength(1);
      expect(await page('?lang=en')).toContain('On the boards now');
    },
  );

  test('shows the very pixels that the board drew', PATIENCE, async () => {
    const answer = await open(`/${id}/1.png`);
    expect(answer.headers.get('content-type')).toBe('image/png');
    const { width, height, data } = await pixels(Buffer.from(await answer.arrayBuffer()));
    const times = width / 192;
    expect([times, height]).toEqual([6, 96 * 6]);
    const small = Buffer.alloc(192 * 96 * 4);
    for (let y = 0; y < 96; y += 1) {
      for (let x = 0; x < 192; x += 1) {
        const from = (y * times * width + x * times) * 4;
        small.set(data.subarray(from, from + 4), (y * 192 + x) * 4);
      }
    }
    const { rendered } = await site.view(board.id);
    expect(createHash('sha256').update(small).digest('hex')).toBe(rendered?.pixelsSha256);
    expect((await open(`/${id}/2.png`)).status).toBe(404);
  });

  test(
    'can be shared: by its own address, with its title and picture where it is pasted',
    PATIENCE,
    async () => {
      const text = await page(`/${id}`);
      const address = `/public/board/${id}`;
      expect(text).toMatch(new RegExp(`<link rel="canonical" href="http[^"]+${address}">`));
      expect(text).toContain('property="og:title" content="MỜI HỌP &lt;b&gt;TỔ DÂN PHỐ&lt;/b&gt;"');
      expect(text).toMatch(new RegExp(`property="og:image" content="http[^"]+${address}/1.png"`));
      const facebook = await open(`/${id}/share/facebook`, { 'user-agent': READER });
      expect([facebook.status, facebook.headers.get('location')?.split('?')[0]]).toEqual([
        303,
        'https://www.facebook.com/sharer/sharer.php',
      ]);
      const feed = await open('/feed.atom');
      expect(feed.headers.get('content-type')).toContain('application/atom+xml');
      expect(await feed.text()).toContain('<title>MỜI HỌP &lt;b&gt;TỔ DÂN PHỐ&lt;/b&gt;</title>');
    },
  );

  test('sets no cookie, loads nothing from elsewhere, and need not be sent twice', PATIENCE, async () => {
    const answer = await open('', { 'user-agent': READER });
    const { headers } = answer;
    expect(headers.get('set-cookie')).toBeNull();
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    const etag = headers.get('etag') ?? '';
    // Within the minute it is the same; at its end it is written anew.
    const again = await until('the page to be known', async () => {
      const known = (await open()).headers.get('etag') ?? etag;
      // A fetch that asks so would otherwise forbid the answer.
      const second = await open('', { 'if-none-match': known, 'cache-control': 'max-age=0' });
      return second.status === 304 ? second : null;
    });
    expect(await again.text()).toBe('');
    const text = await answer.text();
    const loaded = [...text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, address = '']) => address);
    expect(
      loaded.filter((address) => /^https?:/.test(address) && !address.includes('/public/board')),
    ).toEqual([]);
    expect(text).not.toMatch(/ style="|<script>|onclick/);
  });

  test(
    'counts readers and who shares, and nothing about them; machines are no readers',
    PATIENCE,
    async () => {
      const figures = () => site.client.call('GET /public-board/figures');
      const before = await figures();
      await open('', { 'user-agent': READER });
      await open(`/${id}`, { 'user-agent': READER });
      await open(`/${id}`, { 'user-agent': 'Mozilla/5.0 (compatible; Googlebot/2.1)' });
      await open(`/${id}`, { 'user-agent': READER, 'sec-purpose': 'prefetch' });
      await open(`/${'0'.repeat(16)}`, { 'user-agent': READER });
      for (const item of [id, '0'.repeat(16)]) {
        await fetch(`${site.client.url}/public/board/${item}/share`, {
          ...{ method: 'POST', headers: { 'user-agent': READER } },
        });
      }
      const after = await figures();
      expect([after.views - before.views, after.shares - before.shares]).toEqual([2, 1]);
      expect(after.items.find((item) => item.id === id)).toMatchObject({ title: TITLE });
      expect(after.days).toHaveLength(1);
      expect(
        await site.client.call('GET /public-board/figures', { query: { to: '2020-01-01' } }),
      ).toMatchObject({
        ...{ views: 0, shares: 0, days: [], items: [] },
      });
    },
  );

  test('tells an emergency first and at once to who listens to the page', PATIENCE, async () => {
    const incident = await site.client.call('POST /incidents', {
      body: {
        ...{ title: 'Cảnh báo lũ', heading: 'CẢNH BÁO LŨ', text: 'Nước sông Đáy đang lên nhanh.' },
        targets: [{ kind: 'all', id: '' }],
      },
    });
    const of = { params: { id: incident.id }, body: {} };
    await site.client.call('POST /incidents/{id}/confirm', of);
    const text = section(await pageWith('Nước sông Đáy'), 'now');
    expect(text.indexOf('<div role="alert">')).toBeLessThan(text.indexOf('<article'));
    expect(text.match(/role="alert"/g)).toHaveLength(1);
    expect(text.indexOf('Nước sông Đáy')).toBeLessThan(text.indexOf('</article>'));
    expect(text).toContain('Khẩn cấp');
    // What it took the place of comes back, and is not over.
    expect(text).toContain('Tạm nhường tin khác');
    expect(text).toContain('Mời bà con');
    await site.client.call('POST /incidents/{id}/all-clear', of);
    const over = await until('the emergency to be over', async () => {
      const whole = await page();
      return section(whole, 'now').includes('Nước sông Đáy') ? null : whole;
    });
    expect(section(over, 'lately')).toContain('Khẩn cấp · Đã thôi hiện');
    expect(over).not.toContain('role="alert"');
  });

  test('says of what is over that it is over, and nothing of what was taken down', PATIENCE, async () => {
    const { items } = await site.client.call('GET /broadcasts', { query: { state: 'started' } });
    await site.client.call('POST /broadcasts/{id}/stop', { params: { id: items[0]?.id ?? '' } });
    const text = await until('the notice to be over', async () => {
      const whole = await page();
      return section(whole, 'now').includes('MỜI HỌP') ? null : whole;
    });
    expect(section(text, 'now')).toContain('Hiện không có nội dung nào');
    expect(section(text, 'lately')).toContain('MỜI HỌP');
    expect(await page(`/${id}`)).toContain('Nội dung này đã thôi hiện trên bảng từ');
    await site.client.call('DELETE /programmes/{id}', { params: { id: programme.id } });
    const gone = await open(`/${id}`);
    expect(gone.status).toBe(410);
    expect(await gone.text()).not.toContain('MỜI HỌP');
    expect((await open(`/${id}/1.png`)).status).toBe(404);
    await site.client.call('POST /programmes/{id}/restore', { params: { id: programme.id } });
    expect((await open(`/${id}`)).status).toBe(200);
    const unknown = await open(`/${'0'.repeat(16)}`);
    expect([unknown.status, (await unknown.text()).includes('Không tìm thấy')]).toEqual([404, true]);
  });
});

test('of a board that was not heard of for a while it is said since when', () => {
  const at = Date.UTC(2026, 10, 24, 2);
  const item: StandingItem = {
    ...{ id: '0123456789abcdef', sceneSha256: '0'.repeat(64), title: 'Mời họp', priority: 'scheduled' },
    ...{ since: at - 3_600_000, paused: false, until: at + 86_400_000, size: { width: 192, height: 96 } },
    scene: { v: 2, language: 'vi', pages: [{ zones: [{ item: { type: 'notice', text: 'Tối nay' } }] }] },
    boards: [
      { name: 'Bảng chợ', lostSince: at - 600_000 },
      { name: 'Bảng cổng', lostSince: null },
    ],
  };
  const site = { name: 'Phù Vân', publicUrl: 'https://loa.example', zone: 'Asia/Ho_Chi_Minh' };
  const text = listPage({ site, language: 'vi', at }, [item], []).replaceAll(/<\/?time[^>]*>/g, '');
  expect(text).toContain('Không liên lạc được với Bảng chợ từ 08:50 ngày 24/11/2026');
  expect(text).toContain('Ở đâu: Bảng chợ, Bảng cổng');
  expect(text).toContain('Từ 08:00 ngày 24/11/2026 đến 09:00 ngày 25/11/2026');
});

test('the language of the page is what the reader prefers, and Vietnamese for whom it does not matter', () => {
  expect(languageOf('en', 'vi')).toBe('en');
  expect(languageOf(undefined, 'en-GB,en;q=0.9,vi;q=0.8')).toBe('en');
  expect(languageOf(undefined, 'fr,vi;q=0.5,en;q=0.3')).toBe('vi');
  expect(languageOf('xx', undefined)).toBe('vi');
  expect(languageOf(['en'], 'de')).toBe('vi');
});

test('a browser is a reader, and what fetches pages for machines is none', () => {
  expect(isReader(READER, undefined)).toBe(true);
  expect(isReader(`${READER} Zalo android/12 ZaloTheme/light`, undefined)).toBe(true);
  for (const agent of [
    undefined,
    '',
    'curl/8',
    'facebookexternalhit/1.1',
    'Mozilla/5.0 (compatible; bingbot/2.0)',
  ]) {
    expect(isReader(agent, undefined), agent).toBe(false);
  }
  expect(isReader(READER, 'prefetch;prerender')).toBe(false);
});
