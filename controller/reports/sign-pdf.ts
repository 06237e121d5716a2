import { pdflibAddPlaceholder } from '@signpdf/placeholder-pdf-lib';
import { SignPdf } from '@signpdf/signpdf';
import { Signer, SUBFILTER_ADOBE_PKCS7_DETACHED } from '@signpdf/utils';
import forge from 'node-forge';
import { PDFDocument } from 'pdf-lib';
import type { SiteCertificate } from './site-certificate.ts';

export interface Signing {
  readonly reason: string;
  /** Who signs, as readers show it. */
  readonly name: string;
  readonly at: Date;
  readonly certificate: SiteCertificate;
}

/** Certificate and signature in hexadecimal, with room to spare. */
const SIGNATURE_BYTES = 12_288;

/**
 * Signs a PDF over all of its bytes but the signature itself (ISO 32000-1, 12.8: a detached CMS in `/Contents`, named by
 * `/ByteRange`): one changed byte, and readers say so. There is no time stamp of a third party: the time is the site's.
 */
export async function signPdf(pdf: Buffer, { reason, name, at, certificate }: Signing): Promise<Buffer> {
  const pdfDoc = await PDFDocument.load(pdf, { updateMetadata: false });
  pdflibAddPlaceholder({
    ...{ pdfDoc, reason, name, location: '', contactInfo: '', signingTime: at },
    ...{ signatureLength: SIGNATURE_BYTES, subFilter: SUBFILTER_ADOBE_PKCS7_DETACHED },
  });
  const open = Buffer.from(await pdfDoc.save({ useObjectStreams: false }));
  return new SignPdf().sign(open, new CmsSigner(certificate), at);
}

/** A detached CMS (RFC 5652) of one signer, SHA-256 with RSA. */
class CmsSigner extends Signer {
  readonly #certificate: SiteCertificate;

  constructor(certificate: SiteCertificate) {
    super();
    this.#certificate = certificate;
  }

  override async sign(pdf: Buffer, at: Date = new Date()): Promise<Buffer> {
    const { certificate } = this.#certificate;
    const cms = forge.pkcs7.createSignedData();
    cms.content = forge.util.createBuffer(pdf.toString('binary'));
    cms.addCertificate(certificate);
    const { contentType, data, messageDigest, sha256, signingTime } = forge.pki.oids;
    cms.addSigner({
      // All that is asked of the key is to sign a digest; the platform does it in a hundredth of the time.
      key: {
        sign: (digest: forge.md.MessageDigest) =>
          this.#certificate.signDigest(Buffer.from(digest.digest().getBytes(), 'binary')).toString('binary'),
      } as unknown as forge.pki.rsa.PrivateKey,
      certificate,
      digestAlgorithm: sha256 ?? '',
      authenticatedAttributes: [
        { type: contentType ?? '', value: data ?? '' },
        { type: signingTime ?? '', value: at as unknown as string },
        { type: messageDigest ?? '' },
      ],
    });
    cms.sign({ detached: true });
    return Buffer.from(forge.asn1.toDer(cms.toAsn1()).getBytes(), 'binary');
  }
}
