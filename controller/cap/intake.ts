import { createHash, timingSafeEqual } from 'node:crypto';
import { Failure } from '../failure.ts';
import type { Policy } from '../http/contract/policies.ts';
import { type CapMessage, readMessage } from './message.ts';
import { CapRefusal } from './refusal.ts';
import { xmlText } from './safe-xml.ts';
import { signedContent } from './signature.ts';

/** The largest alert that is read. */
export const MOST_ALERT_BYTES = 256 * 1024;

export type CapSender = Policy<'cap'>['senders'][number];

/** A message that was read and may be acted upon. */
export interface Admitted {
  readonly message: CapMessage;
  readonly sender: CapSender;
  readonly signature: 'verified' | 'unsigned';
  /** What was read: of a signed one, what was signed. */
  readonly xml: string;
}

/** A message that could be read, and is turned away all the same; kept, so that an administrator can see it. */
export class NotAdmitted extends Error {
  readonly content: CapMessage;
  readonly xml: string;
  readonly refusal: CapRefusal;

  constructor(message: CapMessage, xml: string, refusal: CapRefusal) {
    super(refusal.message);
    this.content = message;
    this.xml = xml;
    this.refusal = refusal;
  }
}

/**
 * From bytes to a message of a sender who may speak here. Where a certificate is set for the sender, what was signed is
 * read once more, and only that is gone on with: nothing that merely stood beside it has a say.
 * @param vouched whether whoever brought it is known already, by a token or as a feed that an administrator set. One
 *   that nobody vouches for must be signed.
 * @throws CapRefusal when it cannot be read; NotAdmitted when it can, was vouched for, and is turned away; Failure
 *   `not-signed-in` (401) when nobody vouches for it and no signature does.
 */
export function admit(
  bytes: Uint8Array,
  { senders }: Pick<Policy<'cap'>, 'senders'>,
  vouched: boolean,
): Admitted {
  const text = xmlText(bytes, MOST_ALERT_BYTES);
  const message = readMessage(text);
  const sender = senders.find((known) => known.sender === message.sender);
  try {
    if (sender === undefined) {
      const detail = `${message.sender} is not among the senders that an administrator allowed.`;
      throw new CapRefusal('sender-not-allowed', detail);
    }
    if (sender.certificate === null) {
      if (!vouched) throw notKnown();
      return { message, sender, signature: 'unsigned', xml: text };
    }
    const xml = signedContent(text, sender.certificate);
    const signed = readMessage(xml);
    if (signed.sender !== sender.sender) {
      throw new CapRefusal('signature-invalid', 'The signature does not hold: it is of another sender.');
    }
    return { message: signed, sender, signature: 'verified', xml };
  } catch (error) {
    if (!(error instanceof CapRefusal)) throw error;
    if (!vouched) throw notKnown();
    throw new NotAdmitted(message, text, error);
  }
}

/** The same for every reason, so that nobody learns who is allowed here. */
const notKnown = (): Failure =>
  new Failure(
    'not-signed-in',
    'Send the token that was set for CAP as “Authorization: Bearer …”, or sign the alert with the certificate that is set for its sender.',
    { status: 401 },
  );

/** Compares without telling by its duration where the first difference is. */
export function isToken(given: string, token: string): boolean {
  const hash = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(hash(given), hash(token));
}
