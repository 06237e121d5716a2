import { Failure } from '../failure.ts';

type Params = Readonly<Record<string, string | number>>;

/** Why a picture or a film is not taken, in English; the console has the same in the reader's words, by code. */
const SENTENCES = {
  'visual-empty': () => 'The file is empty; choose it again.',
  'not-visual': () =>
    'The file is neither a picture nor a film that can be read; send JPEG, PNG, WebP, GIF, AVIF, MP4, MOV or WebM.',
  'unsupported-picture': ({ format }: Params) =>
    `Pictures of the kind ${format} cannot be read here; save it as JPEG or PNG and send that.`,
  'broken-picture': () => 'The picture is damaged and cannot be read; save it again and send that.',
  'visual-truncated': () => 'The file ends too early; it was not copied whole. Copy or export it again.',
  'too-many-pixels': ({ width, height, megapixels }: Params) =>
    `The picture has ${width}×${height} pixels, more than ${megapixels} million; make it smaller and send it again.`,
  'visual-too-large': ({ megabytes }: Params) => `The file is larger than ${megabytes} MB; make it smaller.`,
  'film-too-long': ({ minutes }: Params) => `The film is longer than ${minutes} minutes; cut it.`,
  'no-film': () => 'There are no moving pictures in the file; send a film.',
  'visual-not-decoded': ({ seconds }: Params) =>
    `It could not be read to its end within ${seconds} s; save it as JPEG or as MP4 and send that.`,
  'no-space': () => 'There is no room left on the disk of the controller; free some, then send it again.',
  interrupted: () => 'The file did not arrive whole; send it again.',
  'visual-failed': ({ detail }: Params) =>
    `It could not be processed: ${detail}. Try again; the log has more.`,
} as const satisfies Record<string, (params: Params) => string>;

export type VisualRefusalCode = keyof typeof SENTENCES;

const STATUS: Partial<Record<VisualRefusalCode, number>> = {
  'visual-too-large': 413,
  'no-space': 507,
  interrupted: 400,
};

/** A picture or a film, or what was sent as one, is not taken. `detail` says why and what to do. */
export class VisualRefusal extends Failure {
  declare readonly code: VisualRefusalCode;

  constructor(code: VisualRefusalCode, params: Params = {}, cause?: unknown) {
    super(code, SENTENCES[code](params), {
      status: STATUS[code] ?? 422,
      params,
      ...(cause === undefined ? {} : { cause }),
    });
  }
}

/** How the rooms that receive and decode call what concerns pictures and films alike. */
const SAME: Readonly<Record<string, VisualRefusalCode>> = {
  empty: 'visual-empty',
  'too-large': 'visual-too-large',
  'not-decoded': 'visual-not-decoded',
  'no-space': 'no-space',
  interrupted: 'interrupted',
};

/** Whatever went wrong, in words of this room. */
export function visualRefusalOf(error: unknown): VisualRefusal {
  if (error instanceof VisualRefusal) return error;
  const same = error instanceof Failure ? SAME[error.code] : undefined;
  if (error instanceof Failure && same !== undefined) return new VisualRefusal(same, error.params, error);
  const detail = error instanceof Error ? error.message : String(error);
  return new VisualRefusal('visual-failed', { detail }, error);
}
