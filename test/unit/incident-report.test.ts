import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Incident, SilentDevice } from '#controller/http/contract/incidents';
import { incidentReport } from '#controller/reports/incident-report';
import { IncidentReports } from '#controller/reports/incident-reports';

const run = promisify(execFile);
const AT = Date.UTC(2026, 10, 24, 2);

const incident: Incident = {
  ...{
    id: '01KB0000000000000000000000',
    drill: 'silent',
    source: 'person',
    title: 'Diễn tập lũ',
    language: 'vi',
  },
  ...{ state: 'cleared', targets: [{ kind: 'all', id: '', name: '' }], sirenAssetId: null, repeats: 2 },
  ...{ storedMessageId: null, createdAt: AT, createdBy: 'Hường', confirmedBy: 'Đạt', secondBy: null },
  ...{ breakGlass: null, activatedAt: AT, expiresAt: null, endedAt: AT, endedBy: null, stoppedAt: null },
  counts: { asked: 200, ready: 120, sounding: 0, done: 0, silent: 80 },
  messages: [],
};
const silent = Array.from(
  { length: 80 },
  (_, index): SilentDevice => ({
    ...{ deviceId: `d${index}`, name: `Cụm ${index}`, areaName: 'Tổ 1', kind: 'speaker', reason: 'absent' },
    since: AT,
  }),
);

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'loa-report-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const reports = () =>
  new IncidentReports({
    ...{ clock: { now: () => AT }, keys: directory, site: 'Phường Phù Vân', zone: 'Asia/Ho_Chi_Minh' },
    incidents: { view: () => incident, silent: () => silent },
  });

/** As any reader of PDF checks it: the bytes that `/ByteRange` names, against the CMS in between. */
async function check(pdf: Buffer): Promise<void> {
  const ranges = /\/ByteRange\s*\[\s*(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s*\]/.exec(pdf.toString('latin1'));
  const [first = 0, length = 0, second = 0, rest = 0] = (ranges ?? []).slice(1).map(Number);
  expect(second + rest, 'nothing comes after what is signed').toBe(pdf.length);
  const hex = pdf.subarray(first + length + 1, second - 1).toString('latin1');
  const padded = Buffer.from(hex, 'hex');
  // DER says its own length; behind it there are zeros.
  const cms = padded.subarray(0, 4 + padded.readUInt16BE(2));
  const signed = Buffer.concat([pdf.subarray(first, length), pdf.subarray(second)]);
  await writeFile(path.join(directory, 'cms.der'), cms);
  await writeFile(path.join(directory, 'signed.bin'), signed);
  const pem = (await readFile(path.join(directory, 'report-signer.pem'), 'utf8')).replace(
    /^[\s\S]*?(?=-----BEGIN CERT)/,
    '',
  );
  await writeFile(path.join(directory, 'site.pem'), pem);
  await run('openssl', [
    ...['cms', '-verify', '-binary', '-inform', 'DER', '-in', path.join(directory, 'cms.der')],
    ...['-content', path.join(directory, 'signed.bin'), '-CAfile', path.join(directory, 'site.pem')],
    ...['-purpose', 'any', '-no_check_time', '-out', path.join(directory, 'out.bin')],
  ]);
}

test('a report is signed by the site, and one changed byte is found', async () => {
  const { pdf, filename } = await reports().report('x');
  expect(filename).toBe('bao-cao-dien-tap-01KB0000000000000000000000.pdf');
  expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
  await check(pdf);
  const changed = Buffer.from(pdf);
  changed[2_000] = (changed[2_000] ?? 0) ^ 1;
  await expect(check(changed)).rejects.toThrow(/verif/i);
});

test('another run of the program signs with the same certificate, which its owner alone can read', async () => {
  const certificate = /-----BEGIN CERTIFICATE-----[\s\S]+/;
  await reports().report('x');
  const file = path.join(directory, 'report-signer.pem');
  const first = certificate.exec(await readFile(file, 'utf8'))?.[0];
  await check((await reports().report('x')).pdf);
  expect(certificate.exec(await readFile(file, 'utf8'))?.[0]).toBe(first);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect((await readdir(directory)).filter((name) => name.startsWith('report-signer'))).toHaveLength(1);
});

test('a key file that is none is said to be none, and is not replaced', async () => {
  await writeFile(path.join(directory, 'report-signer.pem'), 'kein Schlüssel');
  await expect(reports().report('x')).rejects.toMatchObject({ code: 'unreadable-key' });
  expect(await readFile(path.join(directory, 'report-signer.pem'), 'utf8')).toBe('kein Schlüssel');
});

test('eighty failures go over the page, and every page says which one it is', () => {
  const facts = { silent, site: 'Phường Phù Vân', zone: 'Asia/Ho_Chi_Minh', at: AT, fingerprint: 'AB' };
  const long = incidentReport({ incident, ...facts });
  expect(long.pages).toBeGreaterThanOrEqual(3);
  expect(incidentReport({ incident, ...facts, silent: [] }).pages).toBe(1);
  for (let page = 0; page < long.pages; page += 1) {
    expect(long.picture(page, 0.2).subarray(1, 4).toString()).toBe('PNG');
  }
});
