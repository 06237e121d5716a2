import { parentPort, workerData } from 'node:worker_threads';
import { readDocx } from './docx.ts';
import type { Reading } from './reading.ts';
import { DocumentRefusal } from './refusal.ts';
import { Zip } from './zip.ts';

/** What the thread is given, and what it answers. */
export interface DocumentTask {
  readonly kind: 'docx' | 'pdf';
  readonly file: Uint8Array;
}
export type DocumentAnswer =
  | { readonly reading: Reading }
  | {
      readonly refusal: {
        readonly code: string;
        readonly params: Readonly<Record<string, string | number>>;
        readonly why: string;
      };
    };

/** In a thread of its own: a document may be made to take for ever, or all memory. */
async function read({ kind, file }: DocumentTask): Promise<Reading> {
  const buffer = Buffer.from(file.buffer, file.byteOffset, file.byteLength);
  if (kind === 'docx') return readDocx(buffer, Zip.open(buffer));
  // Node 20 has no such function yet, and the reader of PDF asks for it when it meets a font.
  if (!('transferToFixedLength' in ArrayBuffer.prototype)) {
    Object.defineProperty(ArrayBuffer.prototype, 'transferToFixedLength', {
      value(this: ArrayBuffer, length?: number): ArrayBuffer {
        return this.slice(0, length ?? this.byteLength);
      },
    });
  }
  const { readPdf } = await import('./pdf.ts');
  return readPdf(buffer);
}

const answer = (message: DocumentAnswer): void => parentPort?.postMessage(message);

read(workerData as DocumentTask).then(
  (reading) => answer({ reading }),
  (error: unknown) => {
    const { code, params } =
      error instanceof DocumentRefusal ? error : new DocumentRefusal('document-broken');
    const why =
      error instanceof Error
        ? `${error.message} ${error.cause instanceof Error ? error.cause.message : ''}`
        : String(error);
    answer({ refusal: { code, params, why } });
  },
);
