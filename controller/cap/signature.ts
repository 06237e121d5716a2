import { X509Certificate } from 'node:crypto';
import { DOMParser, type Element, type Node, onErrorStopParsing } from '@xmldom/xmldom';
import { SignedXml } from 'xml-crypto';
import { CAP_NAMESPACE } from './cap-schema.ts';
import { CapRefusal } from './refusal.ts';

const XMLDSIG = 'http://www.w3.org/2000/09/xmldsig#';
const ENVELOPED = 'http://www.w3.org/2000/09/xmldsig#enveloped-signature';
const CANONICAL = [
  'http://www.w3.org/TR/2001/REC-xml-c14n-20010315',
  'http://www.w3.org/2001/10/xml-exc-c14n#',
] as const;
const DIGESTS = [
  'http://www.w3.org/2001/04/xmlenc#sha256',
  'http://www.w3.org/2001/04/xmlenc#sha512',
] as const;
const SIGNATURES = [
  'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
  'http://www.w3.org/2001/04/xmldsig-more#rsa-sha512',
  'http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1',
] as const;

/**
 * Checks the enveloped signature of an alert (CAP 1.2, section 3.3.2.1) by one certificate and no other: what the alert
 * says of keys is not looked at. The administrator who set the certificate vouches for it, so neither its dates nor its
 * issuer matter.
 *
 * One signature, of the root alone, may stand there, directly in it, and it must cover the whole of it: anything else is
 * how signed parts are wrapped into something that nobody signed. SHA-1, keys in the message, and transforms that could
 * leave something out are refused.
 * @param text from `xmlText`, well-formed and schema-valid.
 * @returns what was signed, in canonical form and without the signature: the only text to go on with.
 * @throws CapRefusal `signature-missing`, `signature-invalid`.
 */
export function signedContent(text: string, certificate: string): string {
  const signature = signatureIn(text);
  try {
    refuseOddities(signature);
    const verifier = new SignedXml({ publicCert: publicKeyOf(certificate), getCertFromKeyInfo: () => null });
    verifier.SignatureAlgorithms = only(verifier.SignatureAlgorithms, SIGNATURES);
    verifier.HashAlgorithms = only(verifier.HashAlgorithms, DIGESTS);
    verifier.CanonicalizationAlgorithms = only(verifier.CanonicalizationAlgorithms, [
      ...CANONICAL,
      ENVELOPED,
    ]);
    // Its types are of another edition of the DOM; it takes any.
    verifier.loadSignature(signature as never);
    if (!verifier.checkSignature(text)) throw invalid('what was signed is not what came');
    const [content, ...others] = verifier.getSignedReferences();
    if (content === undefined || others.length > 0)
      throw invalid('it covers more than one thing, or nothing');
    return content;
  } catch (error) {
    if (error instanceof CapRefusal) throw error;
    throw invalid(
      'it was not made with the certificate that is set for the sender, or what came was altered',
      error,
    );
  }
}

/** @throws CapRefusal unless there is one, and it is a child of the root. */
function signatureIn(text: string): Element {
  let root: Element | null;
  try {
    root = new DOMParser({ onError: onErrorStopParsing }).parseFromString(
      text.trimStart(),
      'text/xml',
    ).documentElement;
  } catch (cause) {
    throw invalid('the two readers of XML do not agree on it', cause);
  }
  if (root === null || root.localName !== 'alert' || root.namespaceURI !== CAP_NAMESPACE) {
    throw invalid('its root is not the alert');
  }
  const found = root.getElementsByTagNameNS(XMLDSIG, 'Signature');
  const [signature, ...others] = Array.from(found);
  if (signature === undefined) {
    throw new CapRefusal(
      'signature-missing',
      'A certificate is set for this sender, but the alert is not signed. Sign it, or have the certificate taken away.',
    );
  }
  if (others.length > 0) throw invalid('there is more than one');
  if (signature.parentNode !== root) throw invalid('it does not stand directly in the alert');
  return signature;
}

const ONCE = [
  ...['SignedInfo', 'SignatureValue', 'CanonicalizationMethod', 'SignatureMethod'],
  ...['Reference', 'Transforms', 'DigestMethod', 'DigestValue'],
];

/** Each part of the signature once and where it belongs, with nothing but the plainest of what the standard allows. */
function refuseOddities(signature: Element): void {
  const info = only1(signature, 'SignedInfo');
  only1(signature, 'SignatureValue');
  // A second one elsewhere, in whatever namespace, could be taken for the first by a reader who looks for names alone.
  for (const name of ONCE) if (count(signature, name) !== 1) throw invalid(`it has not exactly one ${name}`);
  if (count(signature, 'Object') > 0) throw invalid('it brings objects of its own');
  algorithm(only1(info, 'CanonicalizationMethod'), CANONICAL);
  algorithm(only1(info, 'SignatureMethod'), SIGNATURES);
  const reference = only1(info, 'Reference');
  if (reference.getAttribute('URI') !== '') throw invalid('it does not cover the whole alert');
  algorithm(only1(reference, 'DigestMethod'), DIGESTS);
  const transforms = childrenOf(only1(reference, 'Transforms'), 'Transform');
  const [first, second, ...more] = transforms;
  if (first === undefined || more.length > 0) throw invalid('its transforms are not the usual ones');
  algorithm(first, [ENVELOPED]);
  if (second !== undefined) algorithm(second, CANONICAL);
}

function algorithm(element: Element, allowed: readonly string[]): void {
  const name = element.getAttribute('Algorithm') ?? '';
  if (!allowed.includes(name)) throw invalid(`it uses ${name.slice(0, 100) || 'an unnamed method'}`);
}

function only1(parent: Element, name: string): Element {
  const [child, ...others] = childrenOf(parent, name);
  if (child === undefined || others.length > 0) throw invalid(`it has not exactly one ${name}`);
  return child;
}

const childrenOf = (parent: Element, name: string): Element[] =>
  Array.from(parent.childNodes).filter(
    (node: Node): node is Element =>
      node.nodeType === 1 && node.localName === name && node.namespaceURI === XMLDSIG,
  );

/** In any namespace, for a careless reader looks for the name alone. */
const count = (parent: Element, name: string): number => parent.getElementsByTagNameNS('*', name).length;

/** @throws CapRefusal when the administrator's certificate cannot be read. */
function publicKeyOf(certificate: string): string {
  const key = new X509Certificate(certificate).publicKey;
  return key.export({ type: 'spki', format: 'pem' }).toString();
}

/** Whether a text is one certificate that a signature may be checked by. */
export function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).publicKey.asymmetricKeyType === 'rsa';
  } catch {
    return false;
  }
}

const only = <T>(all: Record<string, T>, names: readonly string[]): Record<string, T> =>
  Object.fromEntries(Object.entries(all).filter(([name]) => names.includes(name)));

const invalid = (detail: string, cause?: unknown): CapRefusal =>
  new CapRefusal('signature-invalid', `The signature does not hold: ${detail}.`, cause);
