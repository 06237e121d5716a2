import type { AddressInfo } from 'node:net';
import express from 'express';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { capRouter } from '#controller/cap/webhook';
import { type AlertSite, listening, openAlertSite, TOKEN } from '../support/alert-site.ts';
import { capAlert, MET, newSigner, signed } from '../support/cap-alert.ts';
import { AMBER, EARTHQUAKE_UPDATE, HOMELAND_SECURITY, THUNDERSTORM } from '../support/cap-examples.ts';
import { until } from '../support/until.ts';

const MINUTE = 60_000;
const NOW = Date.UTC(2026, 10, 24, 1);

let site: AlertSite;
beforeAll(async () => {
  site = await openAlertSite({ at: NOW });
});
beforeEach(() => site.clear());
afterAll(() => site.stop());

const incidents = () => site.drawn();
const alert = (id: string) => site.alerts.rows.get(id);
const states = () =>
  site.alerts.rows
    .page({ limit: 50 })
    .items.map(({ identifier, state, reason }) => [identifier, state, reason] as const)
    .sort(([a], [b]) => a.localeCompare(b));
const sender = (
  change: Partial<Parameters<AlertSite['setCap']>[0]> & {
    policy?: 'play' | 'wait';
    certificate?: string | null;
  },
) =>
  site.setCap({
    senders: [
      { sender: MET, name: 'KTTV', policy: change.policy ?? 'play', certificate: change.certificate ?? null },
    ],
  });

describe("the standard's own examples do what they should", () => {
  const trust = (...senders: string[]) =>
    site.setCap({
      senders: senders.map((name) => ({ sender: name, name, policy: 'play', certificate: null })),
    });

  test('the advisory names no area that a program can follow: it waits for a person', async () => {
    site.clock.at = Date.UTC(2003, 3, 2, 19, 40);
    trust('hsas@dhs.gov');
    const { status, body } = await site.post(HOMELAND_SECURITY);
    expect([status, body.state, body.reason]).toEqual([200, 'waiting', 'area-unknown']);
    expect(incidents()).toEqual([]);
  });

  test('the storm is sounded where its polygon is, in the words of the alert, until it expires', async () => {
    site.clock.at = Date.UTC(2003, 5, 17, 22);
    trust('KSTO@NWS.NOAA.GOV');
    site.store.sqlite.exec("UPDATE device SET latitude = 38.48, longitude = -119.9 WHERE id = 'loa-00000'");
    const { body } = await site.post(THUNDERSTORM);
    expect([body.state, body.reason]).toEqual(['playing', null]);
    const [incident] = incidents();
    expect(incident).toMatchObject({
      source: 'cap',
      state: 'active',
      title: 'SEVERE THUNDERSTORM WARNING',
      language: 'en-US',
    });
    expect(incident?.messages[0]?.text).toContain('TAKE COVER IN A SUBSTANTIAL SHELTER');
    expect((incident?.expiresAt ?? 0) - (incident?.activatedAt ?? 0)).toBe(60 * MINUTE);
    // It alone: the neighbour that has a place is thirteen thousand kilometres away.
    expect(alert(body.id).devices).toBe(1);
    site.store.sqlite.exec("UPDATE device SET latitude = 20.52, longitude = 105.92 WHERE id = 'loa-00000'");
  });

  test('the earthquake is past and small: it is kept, and nobody is woken', async () => {
    site.clock.at = Date.UTC(2003, 5, 12, 4);
    trust('trinet@caltech.edu');
    const { body } = await site.post(EARTHQUAKE_UPDATE);
    expect([body.state, body.reason]).toEqual(['noted', 'below-level']);
    expect(incidents()).toEqual([]);
  });

  test('the abduction is told once, in the language that is wished for', async () => {
    site.clock.at = Date.UTC(2003, 5, 12, 6);
    trust('KARO@CLETS.DOJ.CA.GOV');
    site.setCap({
      languages: ['es', 'en'],
      geocodes: [{ valueName: 'SAME', value: '006037', target: { kind: 'area', id: 'tdp-0' } }],
      levels: [{ severity: 'Severe', urgency: 'Immediate', certainty: 'Likely', level: 'priority' }],
    });
    const { body } = await site.post(AMBER);
    expect([body.state, body.reason]).toEqual(['noted', 'bulletin']);
    const [bulletin] = site.bulletins.rows.page({ limit: 5 }).items;
    expect(bulletin).toMatchObject({ level: 'priority', language: 'es-US', state: 'received' });
    expect(bulletin?.title).toBe('Alerta Amber en el condado de Los Ángeles');
  });

  test('all four, many years later, are too late', async () => {
    trust('hsas@dhs.gov', 'KSTO@NWS.NOAA.GOV', 'trinet@caltech.edu', 'KARO@CLETS.DOJ.CA.GOV');
    for (const example of [HOMELAND_SECURITY, THUNDERSTORM, EARTHQUAKE_UPDATE, AMBER]) {
      const { body } = await site.post(example);
      expect(body.state).toBe('expired');
    }
    expect(incidents()).toEqual([]);
  });
});

describe('who may speak', () => {
  test('without a token and without a signature nobody is heard, and nothing is kept', async () => {
    for (const authorization of ['', 'Bearer wrong-token-of-sixteen', `Basic ${TOKEN}`]) {
      const { status, body } = await site.post(capAlert(NOW), { authorization });
      expect([status, body.code]).toEqual([401, 'not-signed-in']);
    }
    expect(states()).toEqual([]);
  });

  test('a sender that nobody allowed is turned away, and kept for the administrator to see; once allowed, it counts', async () => {
    const xml = capAlert(NOW, { sender: 'stranger@example.com' });
    const refused = await site.post(xml);
    expect([refused.status, refused.body.code]).toEqual([403, 'cap-sender-not-allowed']);
    expect(states()).toEqual([['LU-1', 'refused', 'sender-not-allowed']]);
    site.setCap({
      senders: [{ sender: 'stranger@example.com', name: 'x', policy: 'play', certificate: null }],
    });
    expect((await site.post(xml)).body).toMatchObject({ state: 'playing', duplicate: false });
  });

  test('JSON, 300 kB, and XML that is none are refused with what is wrong', async () => {
    expect((await site.post('{}', { 'content-type': 'application/json' })).status).toBe(415);
    expect((await site.post('x'.repeat(300 * 1_024))).status).toBe(413);
    const { status, body } = await site.post(capAlert(NOW).replace('</alert>', ''));
    expect([status, body.code, body.type]).toEqual([422, 'cap-not-xml', '/problems/cap-not-xml']);
  });

  test('who calls too often is asked to wait', async () => {
    const { alerts, secrets } = site;
    const server = await listening(express().use(capRouter({ alerts, secrets, limit: 5 })));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/cap`;
    const calls = Array.from({ length: 8 }, () => fetch(url, { method: 'POST', body: '<a/>' }));
    const statuses = (await Promise.all(calls)).map(({ status }) => status);
    expect(statuses.filter((status) => status === 429)).toHaveLength(3);
    server.closeAllConnections();
    server.close();
  });
});

describe('signatures', () => {
  const signer = newSigner();
  const other = newSigner();
  const refusal = async (xml: string) => (await site.post(xml)).body.code;
  beforeEach(() => sender({ certificate: signer.certificate }));

  test('a signed alert needs no token, and is acted upon', async () => {
    const { status, body } = await site.post(signed(capAlert(NOW), signer), { authorization: '' });
    expect([status, body.state]).toEqual([200, 'playing']);
    expect(alert(body.id).signature).toBe('verified');
  });

  test('Vietnamese marks, entities and comments are signed like everything else', async () => {
    const xml = capAlert(NOW, { infos: [{ headline: 'Lũ &amp; sạt lở &lt;khẩn&gt; <!-- bí mật -->' }] });
    const { body } = await site.post(signed(xml, signer, { keyInfo: true }));
    expect(alert(body.id).headline).toBe('Lũ & sạt lở <khẩn>');
  });

  test('missing, broken, or of another key: nothing sounds, token or not', async () => {
    expect(await refusal(capAlert(NOW))).toBe('cap-signature-missing');
    const good = signed(capAlert(NOW), signer);
    expect(await refusal(good.replace('Nước đang lên nhanh.', 'Không có gì.'))).toBe('cap-signature-invalid');
    // The forger's own certificate comes with it, as KeyInfo allows.
    expect(await refusal(signed(capAlert(NOW), other, { keyInfo: true }))).toBe('cap-signature-invalid');
    const value = /<SignatureValue>(.)/;
    expect(
      await refusal(good.replace(value, (_all, first) => `<SignatureValue>${first === 'A' ? 'B' : 'A'}`)),
    ).toBe('cap-signature-invalid');
    expect((await site.post(signed(capAlert(NOW), other), { authorization: '' })).status).toBe(401);
    expect(incidents()).toEqual([]);
    // What was forged in its name does not keep the true one out.
    expect((await site.post(good)).body.state).toBe('playing');
  });

  test('SHA-1 is not believed any more, neither as digest nor in the signature', async () => {
    const sha1 = 'http://www.w3.org/2000/09/xmldsig#sha1';
    expect(await refusal(signed(capAlert(NOW), signer, { digest: sha1 }))).toBe('cap-signature-invalid');
    const rsaSha1 = 'http://www.w3.org/2000/09/xmldsig#rsa-sha1';
    expect(await refusal(signed(capAlert(NOW), signer, { signature: rsaSha1 }))).toBe(
      'cap-signature-invalid',
    );
  });

  test('a signature of a part, or with other transforms, is none', async () => {
    const part = signed(capAlert(NOW), signer, { xpath: "//*[local-name(.)='info']" });
    expect(['cap-signature-invalid', 'cap-not-valid']).toContain(await refusal(part));
    const bare = signed(capAlert(NOW), signer, { transforms: ['http://www.w3.org/2001/10/xml-exc-c14n#'] });
    expect(await refusal(bare)).toBe('cap-signature-invalid');
  });

  test('what was signed once cannot be wrapped into something else', async () => {
    const good = signed(capAlert(NOW, { identifier: 'LU-THAT' }), signer);
    const signature = /<Signature .*<\/Signature>/s.exec(good)?.[0] ?? '';
    const forged = capAlert(NOW, { identifier: 'LU-GIA', infos: [{ headline: 'Giả' }] });
    const inner = good.replace(/<\?xml[^>]*>/, '');
    const wrapped = [
      // Another alert with the true signature.
      forged.replace('</alert>', `${signature}</alert>`),
      // The true alert within the signature of a forged one.
      forged.replace(
        '</alert>',
        `${signature.replace('</Signature>', `<Object>${inner}</Object></Signature>`)}</alert>`,
      ),
      forged.replace(
        '</alert>',
        `${signature.replace('<KeyInfo', `<Object>${inner}</Object><KeyInfo`)}</alert>`,
      ),
      // The true alert beside it, which no schema allows.
      forged.replace('</alert>', `${inner}</alert>`),
      // Two signatures, the true one first.
      good.replace('</alert>', `${signature}</alert>`),
      // The true one's reference and a second one.
      forged.replace(
        '</alert>',
        `${signature.replace('</SignedInfo>', '<Reference URI=""/></SignedInfo>')}</alert>`,
      ),
      // A reference by name, to what stands elsewhere.
      forged.replace('</alert>', `${signature.replace('URI=""', 'URI="#true"')}</alert>`),
    ];
    for (const xml of wrapped) {
      expect(['cap-signature-invalid', 'cap-not-valid']).toContain(await refusal(xml));
    }
    expect(incidents()).toEqual([]);
  });
});

describe('what never reaches a loudspeaker', () => {
  test.each(['Test', 'Exercise', 'System', 'Draft'])('status %s, unless a drill is on', async (status) => {
    const { body } = await site.post(capAlert(NOW, { status }));
    expect([body.state, body.reason]).toEqual(['noted', status.toLowerCase()]);
    expect(incidents()).toEqual([]);
  });

  test('while a drill is on, an exercise is an audible one, a test a silent one; drafts stay drafts', async () => {
    site.setCap({ drill: true });
    for (const status of ['Exercise', 'Test', 'Draft'])
      await site.post(capAlert(NOW, { status, identifier: status }));
    expect(
      incidents()
        .map(({ drill }) => drill)
        .sort(),
    ).toEqual(['audible', 'silent']);
    expect(states()[0]).toEqual(['Draft', 'noted', 'draft']);
  });

  test.each(['Restricted', 'Private'])('scope %s', async (scope) => {
    const { body } = await site.post(capAlert(NOW, { scope }));
    expect([body.state, body.reason]).toEqual(['noted', scope.toLowerCase()]);
  });

  test.each(['Ack', 'Error'])('type %s', async (msgType) => {
    const { body } = await site.post(
      capAlert(NOW, { msgType, references: [{ identifier: 'X', sent: NOW }] }),
    );
    expect([body.state, body.reason]).toEqual(['noted', msgType.toLowerCase()]);
  });

  test('what has expired, and what came before', async () => {
    const late = capAlert(NOW - 120 * MINUTE, { identifier: 'CU' });
    expect((await site.post(late)).body).toMatchObject({ state: 'expired', reason: 'expired' });
    const first = await site.post(capAlert(NOW));
    const again = await site.post(capAlert(NOW));
    expect(again.body).toEqual({ ...first.body, duplicate: true });
    expect(incidents()).toHaveLength(1);
  });

  test('the same alert twice at the same moment sounds once', async () => {
    await Promise.all(Array.from({ length: 5 }, () => site.post(capAlert(NOW))));
    expect(incidents()).toHaveLength(1);
  });

  test('what concerns nobody here, and what the table says is nothing', async () => {
    const far = [{ area: '<circle>10.77,106.70 20</circle>' }];
    expect((await site.post(capAlert(NOW, { identifier: 'XA', infos: far }))).body.reason).toBe('no-devices');
    const past = [{ urgency: 'Past' }];
    expect((await site.post(capAlert(NOW, { identifier: 'QUA', infos: past }))).body.reason).toBe(
      'below-level',
    );
    expect(incidents()).toEqual([]);
  });

  test('what begins tomorrow waits for a person', async () => {
    const infos = [{ effective: NOW + 1_440 * MINUTE, expires: NOW + 2_000 * MINUTE }];
    expect((await site.post(capAlert(NOW, { infos }))).body).toMatchObject({
      state: 'waiting',
      reason: 'not-yet',
    });
  });
});

describe('whom it concerns', () => {
  test('a device without a place is warned with its neighbours; an area for all of it, everybody for all', async () => {
    const { body } = await site.post(
      capAlert(NOW, { infos: [{ area: '<circle>20.52,105.92 0.005</circle>' }] }),
    );
    // loa-00000 stands there; loa-00002, of the same neighbourhood, 20 m away, counts as there too.
    expect(alert(body.id).devices).toBe(2);
    expect(incidents()[0]?.targets.map(({ kind, id }) => [kind, id])).toEqual([['area', 'tdp-0']]);
  });

  test('several infos of one language: those of the highest level, in all their areas', async () => {
    site.setCap({ geocodes: [{ valueName: 'TDP', value: '1', target: { kind: 'area', id: 'tdp-1' } }] });
    const code = '<geocode><valueName>TDP</valueName><value>1</value></geocode>';
    const { body } = await site.post(
      capAlert(NOW, {
        infos: [
          { severity: 'Minor', headline: 'Mưa' },
          { headline: 'Lũ' },
          { headline: 'Sạt lở', area: code },
          { language: 'en', headline: 'Flood' },
        ],
      }),
    );
    expect(alert(body.id)).toMatchObject({ devices: 4, level: 'emergency', language: 'vi-VN' });
    const text = incidents()[0]?.messages[0]?.text ?? '';
    expect(text).toContain('Lũ.');
    expect(text).toContain('Sạt lở.');
    expect(text).not.toContain('Mưa');
    expect(text).not.toContain('Flood');
    expect(incidents()[0]?.targets.map(({ id }) => id)).toEqual(['tdp-1', 'tdp-0']);
  });

  test('who forgets to name the language is read in the one that was written', async () => {
    const { body } = await site.post(capAlert(NOW, { infos: [{ language: null }] }));
    expect(alert(body.id).language).toBe('vi');
  });
});

describe('a person decides, where the policy says so', () => {
  beforeEach(() => sender({ policy: 'wait' }));

  test('an emergency waits; taken on it is an incident to be confirmed, and follows it', async () => {
    const { body } = await site.post(capAlert(NOW));
    expect([body.state, body.reason]).toEqual(['waiting', 'policy-wait']);
    const id = await site.alerts.accept(body.id, 'Hường');
    expect(site.incidents.view(id)).toMatchObject({ state: 'draft', source: 'cap' });
    expect(await site.alerts.accept(body.id, 'Hường')).toBe(id);
    await site.incidents.confirm(id, { id: 'u', name: 'Hường' });
    await until('the alert to be playing', () => alert(body.id).state === 'playing');
    await site.incidents.allClear(id, null, { id: 'u', name: 'Hường' });
    await until('the alert to be played', () => alert(body.id).state === 'played');
    await expect(site.alerts.accept(body.id, 'Hường')).rejects.toMatchObject({ code: 'alert-not-waiting' });
  });

  test('dismissed, it takes the incident that was drawn up with it', async () => {
    const { body } = await site.post(capAlert(NOW));
    const id = await site.alerts.accept(body.id, 'Hường');
    expect(await site.alerts.dismiss(body.id, 'đã có thông báo riêng', 'Đạt')).toMatchObject({
      state: 'dismissed',
      reason: 'đã có thông báo riêng',
    });
    expect(site.incidents.view(id).state).toBe('cancelled');
  });

  test('nobody decides in time: it expires, and what was drawn up with it', async () => {
    const { body } = await site.post(capAlert(NOW));
    const id = await site.alerts.accept(body.id, 'Hường');
    site.clock.at += 61 * MINUTE;
    await site.alerts.lapse();
    expect(alert(body.id).state).toBe('expired');
    expect(site.incidents.view(id).state).toBe('cancelled');
  });

  test('a cancellation of what sounds waits too; taken on, it is over', async () => {
    const first = await site.post(capAlert(NOW));
    const id = await site.alerts.accept(first.body.id, 'Hường');
    await site.incidents.confirm(id, { id: 'u', name: 'Hường' });
    const references = [{ identifier: 'LU-1', sent: NOW }];
    const cancel = await site.post(capAlert(NOW, { identifier: 'LU-2', msgType: 'Cancel', references }));
    expect(cancel.body.state).toBe('waiting');
    expect(site.incidents.view(id).state).toBe('active');
    expect(await site.alerts.accept(cancel.body.id, 'Hường')).toBe(id);
    expect(site.incidents.view(id).state).toBe('cleared');
    expect(states()).toEqual([
      ['LU-1', 'cancelled', null],
      ['LU-2', 'noted', 'done'],
    ]);
  });
});

describe('updates and cancellations', () => {
  const ofFirst = [{ identifier: 'LU-1', sent: NOW }];
  const update = (fields = {}) =>
    capAlert(NOW, {
      identifier: 'LU-2',
      sent: NOW + MINUTE,
      msgType: 'Update',
      references: ofFirst,
      ...fields,
    });
  const cancel = (fields = {}) =>
    capAlert(NOW, {
      identifier: 'LU-3',
      sent: NOW + 2 * MINUTE,
      msgType: 'Cancel',
      references: ofFirst,
      ...fields,
    });

  test('an update goes on with the incident, and a cancellation of the update ends it', async () => {
    const { body } = await site.post(capAlert(NOW));
    const id = body.incidentId ?? '';
    await site.post(update({ infos: [{ description: 'Nước lên thêm nửa mét.' }] }));
    const messages = () => site.incidents.view(id).messages.map(({ kind, text }) => [kind, text]);
    expect(messages()[1]?.[0]).toBe('update');
    expect(messages()[1]?.[1]).toContain('Nước lên thêm nửa mét.');
    const references = [...ofFirst, { identifier: 'LU-2', sent: NOW + MINUTE }];
    await site.post(cancel({ references, infos: [{ headline: 'Hết lũ', description: 'Bà con về nhà.' }] }));
    expect(site.incidents.view(id).state).toBe('cleared');
    expect(messages()[2]?.[1]).toContain('Hết lũ.');
    expect(incidents()).toHaveLength(1);
    expect(states()).toEqual([
      ['LU-1', 'superseded', null],
      ['LU-2', 'cancelled', null],
      ['LU-3', 'noted', 'done'],
    ]);
  });

  test('a cancellation without words is said all the same', async () => {
    const { body } = await site.post(capAlert(NOW));
    await site.post(cancel({ infos: [] }));
    const { messages, state } = site.incidents.view(body.incidentId ?? '');
    expect([state, messages[1]?.text]).toEqual([
      'cleared',
      'Cảnh báo “Lũ khẩn cấp trên sông Đáy” đã được huỷ bỏ.',
    ]);
  });

  test('an update that weighs less is told, without the siren', async () => {
    const { body } = await site.post(capAlert(NOW));
    await site.post(update({ infos: [{ severity: 'Minor', urgency: 'Past' }] }));
    const row = site.store.sqlite
      .prepare("SELECT siren FROM incident_message WHERE incident_id = ? AND kind = 'update'")
      .pluck()
      .get(body.incidentId);
    expect(row).toBe(0);
  });

  test('an update for more people is heard by all of them: a new incident, and the old one is over', async () => {
    const near = [{ area: '<circle>20.52,105.92 0.005</circle>' }];
    const { body } = await site.post(capAlert(NOW, { infos: near }));
    site.setCap({ geocodes: [{ valueName: 'TDP', value: '1', target: { kind: 'area', id: 'tdp-1' } }] });
    const code = '<geocode><valueName>TDP</valueName><value>1</value></geocode>';
    const wider = await site.post(
      update({ infos: [{ area: `<circle>20.52,105.92 0.005</circle>${code}` }] }),
    );
    expect(site.incidents.view(body.incidentId ?? '').state).toBe('cleared');
    expect(site.incidents.view(wider.body.incidentId ?? '')).toMatchObject({ state: 'active' });
  });

  test('in whatever order they come, it ends in the same place', async () => {
    await site.post(cancel());
    const second = await site.post(update());
    const first = await site.post(capAlert(NOW));
    expect([first.body.state, first.body.reason]).toEqual(['cancelled', 'overtaken']);
    // The update itself was not cancelled: the cancellation names the first one alone.
    expect(second.body.state).toBe('playing');
    expect(incidents()).toHaveLength(1);
  });

  test('an update that comes before its alert is an alert itself; the late alert is not sounded over it', async () => {
    expect((await site.post(update())).body.state).toBe('playing');
    expect((await site.post(capAlert(NOW))).body).toMatchObject({ state: 'superseded', reason: 'overtaken' });
    expect(incidents()).toHaveLength(1);
  });

  test('nobody ends what another sender began, and no exercise ends what is real', async () => {
    const other = 'other@example.vn';
    site.setCap({
      drill: true,
      senders: [MET, other].map((name) => ({ sender: name, name, policy: 'play', certificate: null })),
    });
    const { body } = await site.post(capAlert(NOW));
    await site.post(cancel({ sender: other, references: [{ identifier: 'LU-1', sent: NOW, sender: MET }] }));
    await site.post(cancel({ identifier: 'LU-4', status: 'Exercise' }));
    expect(site.incidents.view(body.incidentId ?? '').state).toBe('active');
  });

  test('what waits in the inbox is taken back', async () => {
    const priority = [{ severity: 'Severe', urgency: 'Expected' }];
    await site.post(capAlert(NOW, { infos: priority }));
    const [bulletin] = site.bulletins.rows.page({ limit: 5 }).items;
    expect(bulletin).toMatchObject({ state: 'received', level: 'priority' });
    await site.post(update({ infos: priority }));
    await site.post(cancel({ references: [...ofFirst, { identifier: 'LU-2', sent: NOW + MINUTE }] }));
    expect(site.bulletins.rows.page({ limit: 5 }).items.map(({ state }) => state)).toEqual([
      'withdrawn',
      'withdrawn',
    ]);
  });
});

test('an alert that was begun before the program died is sounded by its next life', async () => {
  const { body } = await site.post(capAlert(NOW));
  await site.alerts.stop();
  site.store.sqlite.exec("UPDATE cap_alert SET state = 'waiting', reason = 'starting', incident_id = NULL");
  await site.alerts.start();
  await until('the alert to be sounded', () => alert(body.id).state === 'playing');
  expect(incidents()).toHaveLength(2);
});
