/**
 * Why a stream cannot be opened or went away.
 * - `refused`: by our own rules; only an administrator can change that.
 * - `lost`: the other side, the way to it, or what it sends; it is tried again.
 */
export type TroubleKind = 'refused' | 'lost';

/** A code for programs and the console, with what it is about; never a password or a token of the address. */
export class StreamTrouble extends Error {
  readonly kind: TroubleKind;
  readonly code: string;

  constructor(kind: TroubleKind, code: string, detail: string, cause?: unknown) {
    super(detail, cause === undefined ? undefined : { cause });
    this.name = 'StreamTrouble';
    this.kind = kind;
    this.code = code;
  }
}

export const refused = (code: string, detail: string): StreamTrouble =>
  new StreamTrouble('refused', code, detail);

export const lost = (code: string, detail: string, cause?: unknown): StreamTrouble =>
  new StreamTrouble('lost', code, detail, cause);

/** An address as it may be logged and shown: without credentials, query and fragment. */
export function plainAddress(url: URL | string): string {
  if (typeof url === 'string')
    return URL.canParse(url) ? plainAddress(new URL(url)) : 'an unreadable address';
  return `${url.protocol}//${url.host}${url.pathname}`;
}
