import { generateKeyPairSync } from 'node:crypto';
import forge from 'node-forge';
import { SignedXml } from 'xml-crypto';

export const MET = 'cap@kttv.gov.vn';

export interface CapFields {
  identifier?: string;
  sender?: string;
  sent?: number;
  status?: string;
  msgType?: string;
  scope?: string;
  /** Of what it is an update or cancellation. */
  references?: readonly { identifier: string; sent: number; sender?: string }[];
  infos?: readonly InfoFields[];
}

export interface InfoFields {
  language?: string | null;
  event?: string;
  urgency?: string;
  severity?: string;
  certainty?: string;
  effective?: number;
  expires?: number | null;
  headline?: string;
  description?: string;
  instruction?: string;
  area?: string;
}

/** Hà Nội's time, as its weather service writes it. */
export const at = (time: number): string =>
  `${new Date(time + 7 * 3_600_000).toISOString().slice(0, 19)}+07:00`;

/** All of the ward's speakers that have a place. */
export const WARD = '<polygon>20.50,105.90 20.50,105.94 20.54,105.94 20.54,105.90 20.50,105.90</polygon>';

/** An alert of a flood at its worst, but for what is said. */
export function capAlert(now: number, fields: CapFields = {}): string {
  const { identifier = 'LU-1', sender = MET, sent = now, status = 'Actual', msgType = 'Alert' } = fields;
  const { scope = 'Public', references = [], infos = [{}] } = fields;
  const named = references.map((each) => `${each.sender ?? sender},${each.identifier},${at(each.sent)}`);
  return `<?xml version="1.0" encoding="UTF-8"?>
<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">
  <identifier>${identifier}</identifier>
  <sender>${sender}</sender>
  <sent>${at(sent)}</sent>
  <status>${status}</status>
  <msgType>${msgType}</msgType>
  <scope>${scope}</scope>${scope === 'Restricted' ? '<restriction>nội bộ</restriction>' : ''}${scope === 'Private' ? '<addresses>a@b.vn</addresses>' : ''}
  ${named.length === 0 ? '' : `<references>${named.join(' ')}</references>`}
  ${infos.map((info) => infoOf(now, info)).join('\n  ')}
</alert>`;
}

function infoOf(now: number, info: InfoFields): string {
  const { language = 'vi-VN', event = 'Lũ', urgency = 'Immediate', severity = 'Extreme' } = info;
  const { certainty = 'Observed', expires = now + 3_600_000, area = WARD } = info;
  const { headline = 'Lũ khẩn cấp trên sông Đáy', description = 'Nước đang lên nhanh.' } = info;
  const { instruction = 'Lên chỗ cao ngay.', effective } = info;
  return `<info>
    ${language === null ? '' : `<language>${language}</language>`}<category>Met</category><event>${event}</event>
    <urgency>${urgency}</urgency><severity>${severity}</severity><certainty>${certainty}</certainty>
    ${effective === undefined ? '' : `<effective>${at(effective)}</effective>`}
    ${expires === null ? '' : `<expires>${at(expires)}</expires>`}
    <headline>${headline}</headline><description>${description}</description><instruction>${instruction}</instruction>
    <area><areaDesc>Phường Phù Vân</areaDesc>${area}</area>
  </info>`;
}

export interface Signer {
  readonly key: string;
  readonly certificate: string;
}

/** A sender's key, and a certificate that it made itself. */
export function newSigner(name = MET): Signer {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = forge.pki.publicKeyFromPem(
    publicKey.export({ type: 'spki', format: 'pem' }).toString(),
  );
  certificate.serialNumber = '01';
  certificate.validity.notBefore = new Date(Date.now() - 86_400_000);
  certificate.validity.notAfter = new Date(Date.now() + 86_400_000);
  certificate.setSubject([{ name: 'commonName', value: name }]);
  certificate.setIssuer([{ name: 'commonName', value: name }]);
  certificate.sign(forge.pki.privateKeyFromPem(key), forge.md.sha256.create());
  return { key, certificate: forge.pki.certificateToPem(certificate) };
}

const ENVELOPED = 'http://www.w3.org/2000/09/xmldsig#enveloped-signature';
const EXCLUSIVE = 'http://www.w3.org/2001/10/xml-exc-c14n#';

/** Signs an alert as the standard says: enveloped, at its end. */
export function signed(
  xml: string,
  { key, certificate }: Signer,
  odd: {
    signature?: string;
    digest?: string;
    transforms?: string[];
    xpath?: string;
    /** With the certificate inside, as senders do. */
    keyInfo?: boolean;
  } = {},
): string {
  const signer = new SignedXml({
    privateKey: key,
    ...(odd.keyInfo === true ? { publicCert: certificate } : {}),
    signatureAlgorithm: (odd.signature ?? 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256') as never,
    canonicalizationAlgorithm: EXCLUSIVE,
  });
  signer.addReference({
    xpath: odd.xpath ?? '/*',
    ...(odd.xpath === undefined ? { isEmptyUri: true, uri: '' } : {}),
    transforms: (odd.transforms ?? [ENVELOPED, EXCLUSIVE]) as never,
    digestAlgorithm: (odd.digest ?? 'http://www.w3.org/2001/04/xmlenc#sha256') as never,
  });
  signer.computeSignature(xml, { location: { reference: '/*', action: 'append' } });
  return signer.getSignedXml();
}
