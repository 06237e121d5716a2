import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express, { type Request, type Response } from 'express';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { readFeed } from '#controller/cap/feed-entries';
import { readMessage } from '#controller/cap/message';
import { type AlertSite, listening, openAlertSite } from '../support/alert-site.ts';
import { capAlert, MET, newSigner, signed } from '../support/cap-alert.ts';

const NOW = Date.UTC(2026, 10, 24, 1);
let site: AlertSite;
let server: Server;
let host = '';
/** What the feed's host was asked for, in its order, and what it answers. */
let asked: string[] = [];
let answers: Record<string, (request: Request, response: Response) => void> = {};

beforeAll(async () => {
  site = await openAlertSite({ at: NOW });
  server = await listening(
    express().use((request, response) => {
      asked.push(request.path);
      const answer = answers[request.path];
      if (answer === undefined) response.sendStatus(404);
      else answer(request, response);
    }),
  );
  host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
});
beforeEach(async () => {
  await site.clear();
  asked = [];
  answers = {};
  site.policies.change('relay', { hosts: [], privateHosts: [host] }, null);
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await site.stop();
});
afterEach(() => site.policies.change('relay', { hosts: [], privateHosts: [] }, null));

const feed = (path = '/feed') => `http://${host}${path}`;
const text = (body: string) => (_request: Request, response: Response) =>
  void response.type('xml').send(body);
const atom = (...entries: string[]) =>
  `<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><id>x</id><title>KTTV</title>${entries.join('')}</feed>`;
const entry = (id: string, rest: string, updated = '2026-11-24T08:00:00+07:00') =>
  `<entry><id>${id}</id><updated>${updated}</updated><title>x</title>${rest}</entry>`;
const linked = (id: string, path = `/${id}.xml`, updated?: string) =>
  entry(id, `<link type="application/cap+xml" href="${path}"/>`, updated);
const serve = (id: string, fields = {}) => {
  answers[`/${id}.xml`] = text(capAlert(NOW, { identifier: id, ...fields }));
};
const states = () =>
  Object.fromEntries(
    site.alerts.rows.page({ limit: 50 }).items.map(({ identifier, state }) => [identifier, state]),
  );
const trouble = (url = feed()) =>
  site.store.sqlite.prepare('SELECT trouble FROM cap_feed WHERE url = ?').pluck().get(url);

test('an ATOM feed is read, its alerts are fetched once, and an unchanged feed is not sent again', async () => {
  serve('A');
  serve('B', { infos: [{ severity: 'Severe', urgency: 'Expected' }] });
  answers['/feed'] = (request, response) => {
    if (request.headers['if-none-match'] === '"v1"') response.status(304).end();
    else
      response
        .set('etag', '"v1"')
        .type('application/atom+xml')
        .send(atom(linked('B'), linked('A')));
  };
  await site.feeds.visit(feed());
  expect(states()).toEqual({ A: 'playing', B: 'noted' });
  expect(site.alerts.rows.page({ limit: 1 }).items[0]?.via).toBe(feed());
  await site.feeds.visit(feed());
  expect(asked).toEqual(['/feed', '/A.xml', '/B.xml', '/feed']);
  expect(trouble()).toBeNull();
});

test('a feed that grows: only what is new is fetched, the oldest first; what was changed comes again', async () => {
  for (const id of ['A', 'B', 'C']) serve(id);
  answers['/feed'] = text(atom(linked('A')));
  await site.feeds.visit(feed());
  answers['/feed'] = text(atom(linked('C'), linked('B'), linked('A', '/A.xml', '2026-11-24T09:00:00+07:00')));
  await site.feeds.visit(feed());
  expect(asked).toEqual(['/feed', '/A.xml', '/feed', '/A.xml', '/B.xml', '/C.xml']);
  expect(site.drawn()).toHaveLength(3);
});

test('an alert that stands in the feed itself, signed, needs no second question', async () => {
  const signer = newSigner();
  site.setCap({ senders: [{ sender: MET, name: 'KTTV', policy: 'play', certificate: signer.certificate }] });
  const inside = (xml: string) =>
    `<content type="application/cap+xml">${xml.replace(/<\?xml[^>]*>/, '')}</content>`;
  const good = signed(capAlert(NOW, { identifier: 'A' }), signer);
  const forged = capAlert(NOW, { identifier: 'B' });
  answers['/feed'] = text(atom(entry('A', inside(good)), entry('B', inside(forged))));
  await site.feeds.visit(feed());
  expect(states()).toEqual({ A: 'playing', B: 'refused' });
  expect(asked).toEqual(['/feed']);
});

test('an RSS feed is read too, by its links and enclosures', async () => {
  serve('A');
  serve('B');
  answers['/feed'] = text(`<?xml version="1.0"?><rss version="2.0"><channel><title>KTTV</title>
    <item><title>a</title><link>http://${host}/A.xml</link><guid>a</guid></item>
    <item><title>b</title><link>http://${host}/page.html</link><guid>b</guid>
      <enclosure url="/B.xml" length="1" type="application/cap+xml"/></item>
    <item><title>no alert</title><guid>c</guid></item></channel></rss>`);
  await site.feeds.visit(feed());
  expect(states()).toEqual({ A: 'playing', B: 'playing' });
});

test('what cannot be had now is asked for again; what is refused is not', async () => {
  serve('GOOD');
  answers['/BAD.xml'] = text('<alert>no</alert>');
  answers['/feed'] = text(atom(linked('GOOD'), linked('BAD'), linked('GONE')));
  await site.feeds.visit(feed());
  serve('GONE');
  await site.feeds.visit(feed());
  await site.feeds.visit(feed());
  expect(asked.filter((path) => path === '/BAD.xml')).toHaveLength(1);
  expect(asked.filter((path) => path === '/GONE.xml')).toHaveLength(2);
  expect(states()).toEqual({ GOOD: 'playing', GONE: 'playing' });
});

test('a private address is opened only where an administrator listed it, however it is reached', async () => {
  serve('A');
  answers['/feed'] = text(atom(linked('A')));
  answers['/moved'] = (_request, response) => response.redirect(`http://${host}/feed`);
  site.policies.change('relay', { hosts: [], privateHosts: [] }, null);
  await site.feeds.visit(feed());
  expect(String(trouble())).toContain('not on the public internet');
  // By a public name that leads to it, and by a link to another host.
  await site.feeds.visit(`http://kttv.example:${host.split(':')[1]}/feed`);
  expect(asked).toEqual([]);
  site.policies.change('relay', { hosts: [], privateHosts: [host] }, null);
  answers['/feed'] = text(
    atom(linked('A', 'http://169.254.169.254/A.xml'), linked('B', 'file:///etc/passwd')),
  );
  await site.feeds.visit(feed());
  expect(states()).toEqual({});
  await site.feeds.visit(feed('/moved'));
  expect(asked).toEqual(['/feed', '/moved', '/feed']);
});

test.each([
  ['nothing', (_request: Request, response: Response) => void response.destroy()],
  ['a page', text('<html><body>login</body></html>')],
  [
    'a document type',
    text('<!DOCTYPE feed [<!ENTITY x "y">]><feed xmlns="http://www.w3.org/2005/Atom">&x;</feed>'),
  ],
  ['more than it may', text(atom(`<title>${'x'.repeat(3_000_000)}</title>`))],
  ['half of it', text(atom(linked('A')).slice(0, 200))],
  ['500', (_request: Request, response: Response) => void response.status(500).end()],
])(
  'a feed that answers with %s is said to be in trouble, and nothing else happens',
  async (_name, answer) => {
    answers['/feed'] = answer;
    site.setCap({ feeds: [{ url: feed(), everySeconds: 60 }] });
    await site.feeds.visit(feed());
    expect(site.feeds.list()).toEqual([
      { url: feed(), checkedAt: NOW, goodAt: null, trouble: expect.stringMatching(/.{10}/) },
    ]);
    expect(states()).toEqual({});
    answers['/feed'] = text(atom());
    await site.feeds.visit(feed());
    expect(trouble()).toBeNull();
  },
);

test('a sender that is allowed later is heard then: what was turned away is looked at again', async () => {
  site.setCap({ senders: [] });
  serve('A');
  answers['/feed'] = text(atom(linked('A')));
  await site.feeds.start();
  await site.feeds.visit(feed());
  expect(states()).toEqual({ A: 'refused' });
  site.setCap({ senders: [{ sender: MET, name: 'KTTV', policy: 'play', certificate: null }] });
  await Promise.resolve();
  await site.feeds.visit(feed());
  expect(states()).toEqual({ A: 'playing' });
});

test('an alert is taken out of a feed whole, whatever prefixes it uses', () => {
  const xml = capAlert(NOW)
    .replace(/<\?xml[^>]*>\s*/, '')
    .replaceAll(/<(\/?)(\w)/g, '<$1cap:$2')
    .replace('xmlns=', 'xmlns:cap=');
  const [first] = readFeed(
    atom(entry('A', `<content type="text/xml">${xml}</content>`)),
    new URL('http://x.vn/'),
  );
  const alert = first?.alert;
  if (alert === null || alert === undefined || !('xml' in alert)) throw new Error('no alert in it');
  expect(readMessage(alert.xml).identifier).toBe('LU-1');
});
