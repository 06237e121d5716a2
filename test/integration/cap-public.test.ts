import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { readFeed } from '#controller/cap/feed-entries';
import { readMessage } from '#controller/cap/message';
import { type OwnMessage, writeMessage } from '#controller/cap/write-message';
import { type AlertSite, openAlertSite } from '../support/alert-site.ts';
import { capAlert } from '../support/cap-alert.ts';
import { HUONG, request } from '../support/incident-site.ts';
import { until } from '../support/until.ts';

let site: AlertSite;
beforeAll(async () => {
  site = await openAlertSite();
});
beforeEach(() => site.clear());
afterAll(() => site.stop());

const get = (path: string, headers: Record<string, string> = {}) => fetch(`${site.url}${path}`, { headers });
const entries = async () => {
  const answer = await get('/public/cap/feed.atom');
  expect(answer.headers.get('content-type')).toContain('application/atom+xml');
  return readFeed(await answer.text(), new URL(site.url));
};
/** As others read it: schema-valid, or it throws. */
const messages = async () => {
  const found = [];
  for (const { alert } of await entries()) {
    if (alert === null || !('link' in alert)) throw new Error('an entry without an alert');
    expect(alert.link.origin).toBe('https://loa.phuvan.vn');
    const answer = await get(alert.link.pathname);
    expect(answer.status).toBe(200);
    found.push(readMessage(await answer.text()));
  }
  return found;
};
const sound = async (change = {}) => {
  const { id } = await site.incidents.drawUp(request(change), HUONG);
  await site.incidents.confirm(id, HUONG);
  return id;
};

test('an own incident is told as Alert, Update and Cancel, each naming what came before, valid by the schema', async () => {
  site.setCap({
    geocodes: [{ valueName: 'MA-DVHC', value: '13318', target: { kind: 'area', id: 'ward' } }],
  });
  const id = await sound({ targets: [{ kind: 'area', id: 'ward' }], minutes: 90 });
  const [alert] = await messages();
  expect(alert).toMatchObject({
    ...{ sender: 'loa@loa.phuvan.vn', status: 'Actual', msgType: 'Alert', scope: 'Public', references: [] },
    infos: [
      {
        ...{ language: 'vi', event: 'Cảnh báo lũ', headline: 'CẢNH BÁO LŨ', senderName: 'Phường Phù Vân' },
        areas: [{ description: 'Phù Vân', geocodes: [{ valueName: 'MA-DVHC', value: '13318' }] }],
      },
    ],
  });
  const expires = site.incidents.view(id).expiresAt ?? 0;
  expect(alert?.infos[0]?.expires).toBe(Math.floor(expires / 1_000) * 1_000);
  await site.incidents.update(id, { heading: null, text: 'Nước lên thêm.', siren: false, repeats: 1 }, HUONG);
  await site.incidents.allClear(id, 'Nước đã rút.', HUONG);
  const told = await messages();
  const first = told.find(({ msgType }) => msgType === 'Alert');
  const second = told.find(({ msgType }) => msgType === 'Update');
  const last = told.find(({ msgType }) => msgType === 'Cancel');
  expect(first?.identifier).toBe(alert?.identifier);
  expect(first?.sent).toBe(alert?.sent);
  const named = ({ sender, identifier, sent }: { sender: string; identifier: string; sent: number }) => ({
    ...{ sender, identifier, sent },
  });
  if (first === undefined || second === undefined) throw new Error('a message is missing');
  expect(second.references).toEqual([named(first)]);
  expect(last?.references).toEqual([named(first), named(second)]);
  expect(last?.infos[0]?.description).toBe('Nước đã rút.');
});

test('a drill is told as Exercise; what was never sent, and what came in by CAP, is not told', async () => {
  const before = new Set((await messages()).map(({ identifier }) => identifier));
  await sound({ drill: 'audible' });
  await site.incidents.drawUp(request(), HUONG);
  await site.post(capAlert(site.clock.at));
  expect(site.drawn()).toHaveLength(3);
  const fresh = (await messages()).filter(({ identifier }) => !before.has(identifier));
  expect(fresh.map(({ status, msgType }) => [status, msgType])).toEqual([['Exercise', 'Alert']]);
});

test('what we tell another ward understands: its siren follows ours, and is silent when ours is', async () => {
  const sender = 'loa@loa.phuvan.vn';
  site.setCap({ senders: [{ sender, name: 'Phù Vân', policy: 'play', certificate: null }] });
  const own = await sound({ title: 'Vỡ đê', targets: [{ kind: 'all', id: '' }] });
  const texts = async () => {
    const [newest] = await entries();
    const link =
      newest?.alert !== null && newest !== undefined && 'link' in newest.alert ? newest.alert.link : null;
    return (await get(link?.pathname ?? '')).text();
  };
  const first = await site.post(await texts());
  // The description of the area alone is for a person to judge.
  expect([first.status, first.body.state, first.body.reason]).toEqual([200, 'waiting', 'area-unknown']);
  await site.incidents.allClear(own, null, HUONG);
  await site.post(await texts());
  expect(site.alerts.rows.get(first.body.id).state).toBe('cancelled');
});

test('whoever asks again is told when nothing changed, and at once when something did', async () => {
  const before = await get('/public/cap/feed.atom');
  expect(before.headers.get('cache-control')).toBe('public, max-age=15');
  const etag = before.headers.get('etag') ?? '';
  // As a program asks that has no cache of its own; fetch would otherwise add `no-cache`.
  const headers = { 'if-none-match': etag, 'cache-control': 'max-age=0' };
  expect((await get('/public/cap/feed.atom', headers)).status).toBe(304);
  await sound();
  await until('the feed to change', async () => {
    return (await get('/public/cap/feed.atom', headers)).status === 200;
  });
});

test('nobody finds by its name what was not sent, or is no alert at all', async () => {
  const { id, messages: drawn } = await site.incidents.drawUp(request(), HUONG);
  for (const name of [drawn[0]?.id, `${id}.end`, id, 'x', '..%2F..%2Fetc', '%00']) {
    expect((await get(`/public/cap/${name}.xml`)).status).toBe(404);
  }
});

test('whatever a person writes, it is valid XML and valid CAP', () => {
  const words = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 60 }),
    fc.constantFrom(']]>', '&lt;', '<b>"\'', '\u0000\u0008'),
  );
  const seconds = fc.integer({ min: 0, max: 4_000_000_000 });
  fc.assert(
    fc.property(words, words, seconds, seconds, (title, text, sent, expires) => {
      const message: OwnMessage = {
        ...{
          identifier: '01J',
          sender: 'loa@phuvan.vn',
          sent: sent * 1_000,
          status: 'Actual',
          msgType: 'Alert',
        },
        ...{ references: [], language: 'vi', event: title, headline: title, description: text },
        ...{
          expires: expires * 1_000,
          senderName: title,
          web: 'https://phuvan.vn/',
          areaText: text,
          geocodes: [],
        },
      };
      const read = readMessage(writeMessage(message, 'Asia/Ho_Chi_Minh'));
      expect(read.sent).toBe(message.sent);
    }),
    { numRuns: 300 },
  );
});
