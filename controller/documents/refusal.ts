import { Failure } from '../failure.ts';

type Params = Readonly<Record<string, string | number>>;

/** Why the text of a document cannot be had, in English; the console has the same in the reader's words, by code. */
const SENTENCES = {
  'document-empty': () => 'The file is empty; choose it again.',
  'document-unknown': () =>
    'This is neither a DOCX nor a PDF document; save it as one of these and send that.',
  'document-old': () =>
    'This is a document of the old kind (.doc); open it in Word or LibreOffice, save it as .docx and send that.',
  'document-other': ({ format }: Params) =>
    `Documents of the kind ${format} are not read here; save it as .docx or PDF and send that.`,
  'document-encrypted': () => 'The document is locked with a password; save it without one and send that.',
  'document-scanned': () =>
    'The document holds pictures of pages and no letters; it was scanned. Send the document that was printed, or type the text.',
  'document-without-text': () => 'There is no text in the document.',
  'document-broken': () => 'The document is damaged and cannot be read; save it again and send that.',
  'document-bomb': () =>
    'So small a file claims to hold so much that it cannot be genuine; it was not unpacked.',
  'document-too-large': ({ megabytes }: Params) =>
    `The document is larger than ${megabytes} MB; send a smaller one.`,
  'document-too-slow': ({ seconds }: Params) =>
    `The document could not be read within ${seconds} s; send only the pages that are needed.`,
  interrupted: () => 'The document did not arrive whole; send it again.',
} as const satisfies Record<string, (params: Params) => string>;

export type DocumentRefusalCode = keyof typeof SENTENCES;

/** A document of which no text can be had. `detail` says why and what to do. */
export class DocumentRefusal extends Failure {
  declare readonly code: DocumentRefusalCode;

  constructor(code: DocumentRefusalCode, params: Params = {}, cause?: unknown) {
    super(code, SENTENCES[code](params), {
      status: code === 'document-too-large' ? 413 : code === 'interrupted' ? 400 : 422,
      params,
      ...(cause === undefined ? {} : { cause }),
    });
  }
}
