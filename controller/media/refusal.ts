import { Failure } from '../failure.ts';

type Params = Readonly<Record<string, string | number>>;

/** Why a sound file is not taken, in English; the console has the same in the reader's words, by code. */
const SENTENCES = {
  empty: () => 'The file is empty; choose it again, or record it anew.',
  'not-audio': () =>
    'The file is not a sound file that can be read; send MP3, WAV, M4A, OGG, FLAC, AAC, AIFF, AMR, WMA or WebM.',
  'unsupported-format': ({ codec }: Params) =>
    `The sound is coded as ${codec}, which cannot be read here; save it as MP3 or WAV and send that.`,
  truncated: ({ expectedSeconds, foundSeconds }: Params) =>
    `The file ends too early${expectedSeconds === undefined ? '' : ` (${foundSeconds} s of ${expectedSeconds} s)`}; it was not copied whole. Copy or export it again.`,
  silent: () => 'There is nothing to hear in the file; check the recording.',
  'too-short': ({ seconds }: Params) => `The sound is shorter than ${seconds} s.`,
  'too-long': ({ minutes }: Params) =>
    `The sound is longer than ${minutes} minutes; cut it, or raise LOA_MEDIA_MAX_MINUTES.`,
  bomb: () => 'So small a file claims to hold so much sound that it cannot be genuine; it was not unpacked.',
  'too-large': ({ megabytes }: Params) =>
    `The file is larger than ${megabytes} MB; save it as MP3 or OGG, or raise LOA_MEDIA_MAX_MB.`,
  'no-space': () =>
    'There is no room left on the disk of the controller; free some, then send the file again.',
  interrupted: () => 'The file did not arrive whole; send it again.',
  'not-spoken': () => 'The voice found nothing in the text that it can speak; write words.',
  'not-decoded': ({ seconds }: Params) =>
    `The sound could not be read to its end within ${seconds} s; save it as MP3 or WAV and send that.`,
  'not-exact': ({ lufs }: Params) =>
    `The result would sound at ${lufs} LUFS, too far from -16; the recording is too uneven. Send another one.`,
  failed: ({ detail }: Params) => `The sound could not be processed: ${detail}. Try again; the log has more.`,
} as const satisfies Record<string, (params: Params) => string>;

export type RefusalCode = keyof typeof SENTENCES;

const STATUS: Partial<Record<RefusalCode, number>> = { 'too-large': 413, 'no-space': 507, interrupted: 400 };

/** A sound file, or what was sent as one, is not taken. `detail` says why and what to do. */
export class Refusal extends Failure {
  declare readonly code: RefusalCode;

  constructor(code: RefusalCode, params: Params = {}, cause?: unknown) {
    super(code, SENTENCES[code](params), {
      status: STATUS[code] ?? 422,
      params,
      ...(cause === undefined ? {} : { cause }),
    });
  }
}
