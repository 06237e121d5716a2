import { constants, createPrivateKey, generateKeyPair, type KeyObject, privateEncrypt } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import forge from 'node-forge';
import { Failure } from '../failure.ts';

const YEARS = 20;
const BITS = 3_072;
const FILE = 'report-signer.pem';

/**
 * The key and the self-signed certificate by which the site signs its reports, made at the first report and kept in the
 * data directory, readable by its owner alone. It proves that a report is as this station wrote it; who the station is,
 * a reader knows by having been given the certificate.
 */
export class SiteCertificate {
  readonly certificate: forge.pki.Certificate;
  readonly #key: KeyObject;

  private constructor(certificate: forge.pki.Certificate, key: KeyObject) {
    this.certificate = certificate;
    this.#key = key;
  }

  /** @param keys the directory of keys. @param site as it is called in the certificate. @throws Failure `unreadable-key`. */
  static async load(keys: string, site: string, now: number): Promise<SiteCertificate> {
    const file = path.join(keys, FILE);
    let text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return null;
      throw error;
    });
    if (text === null) {
      text = await fresh(site, now);
      const temporary = `${file}.${crypto.randomUUID()}`;
      await writeFile(temporary, text, { mode: 0o600, flag: 'wx', flush: true });
      await rename(temporary, file);
    }
    try {
      const [key, certificate] = forge.pem.decode(text).map((part) => forge.pem.encode(part));
      return new SiteCertificate(parsed(certificate ?? ''), createPrivateKey(key ?? ''));
    } catch (cause) {
      throw new Failure(
        'unreadable-key',
        `${file} holds no key and certificate; restore it from a backup, or move it away so that a new one is made.`,
        { cause },
      );
    }
  }

  get pem(): string {
    return forge.pki.certificateToPem(this.certificate);
  }

  /** SHA-256 of the certificate, by which a reader knows it again: pairs of hexadecimal digits. */
  get fingerprint(): string {
    const der = forge.asn1.toDer(forge.pki.certificateToAsn1(this.certificate)).getBytes();
    const hex = forge.md.sha256.create().update(der).digest().toHex().toUpperCase();
    return hex.match(/../g)?.join(' ') ?? hex;
  }

  /** RSASSA-PKCS1-v1_5 (RFC 8017, 8.2) over a SHA-256 that was taken already. */
  signDigest(sha256: Buffer): Buffer {
    return privateEncrypt(
      { key: this.#key, padding: constants.RSA_PKCS1_PADDING },
      Buffer.concat([SHA256_INFO, sha256]),
    );
  }
}

/** `DigestInfo` of a SHA-256, up to the digest itself (RFC 8017, 9.2, note 1). */
const SHA256_INFO = Buffer.from('3031300d060960864801650304020105000420', 'hex');

/** forge reads names as bytes and writes them as text: without this, names that are not ASCII would change. */
function parsed(pem: string): forge.pki.Certificate {
  const certificate = forge.pki.certificateFromPem(pem);
  for (const attribute of [...certificate.issuer.attributes, ...certificate.subject.attributes]) {
    if (typeof attribute.value === 'string') attribute.value = forge.util.decodeUtf8(attribute.value);
  }
  return certificate;
}

async function fresh(site: string, now: number): Promise<string> {
  const { privateKey, publicKey } = await promisify(generateKeyPair)('rsa', {
    modulusLength: BITS,
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = forge.pki.publicKeyFromPem(publicKey);
  // Positive, and in the one way that DER allows.
  certificate.serialNumber = `4f${forge.util.bytesToHex(forge.random.getBytesSync(15))}`;
  certificate.validity.notBefore = new Date(now - 86_400_000);
  certificate.validity.notAfter = new Date(now + YEARS * 365.25 * 86_400_000);
  // Names outside ASCII are UTF-8 in the certificate (RFC 5280, 4.1.2.4).
  const name = (shortName: string, value: string) => ({
    shortName,
    value,
    valueTagClass: forge.asn1.Type.UTF8 as unknown as forge.asn1.Class,
  });
  const subject = [name('CN', site.slice(0, 64)), name('O', site.slice(0, 64)), name('C', 'VN')];
  certificate.setSubject(subject);
  certificate.setIssuer(subject);
  certificate.setExtensions([
    { name: 'basicConstraints', cA: false, critical: true },
    { name: 'keyUsage', digitalSignature: true, nonRepudiation: true, critical: true },
    { name: 'subjectKeyIdentifier' },
  ]);
  const key = forge.pki.privateKeyFromPem(privateKey);
  certificate.sign(key, forge.md.sha256.create());
  return `${privateKey.trim()}\n${forge.pki.certificateToPem(certificate)}`;
}
