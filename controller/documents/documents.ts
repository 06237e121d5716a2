import { createRequire } from 'node:module';
import type { Readable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { z } from 'zod';
import { Failure } from '../failure.ts';
import type { visualRoutes } from '../http/contract/visuals.ts';
import { titleOf } from '../library/names.ts';
import { Lane } from '../visuals/lane.ts';
import type { Reading } from './reading.ts';
import { DocumentRefusal, type DocumentRefusalCode } from './refusal.ts';
import { tidy } from './tidy.ts';
import type { DocumentAnswer, DocumentTask } from './worker.ts';
import { Zip } from './zip.ts';

export interface DocumentLimits {
  readonly bytes: number;
  readonly readMs: number;
  /** Of the thread that reads. */
  readonly heapMegabytes: number;
  readonly waiting: number;
}
export const DOCUMENT_LIMITS: DocumentLimits = {
  bytes: 20_000_000,
  readMs: 30_000,
  heapMegabytes: 512,
  waiting: 8,
};

type Text = z.output<(typeof visualRoutes)['POST /documents/text']['response']>;

/** Reads the text of documents that somebody wants on a board, one at a time. */
export class Documents {
  readonly #limits: DocumentLimits;
  readonly #lane: Lane;
  /** Documents that are in memory. */
  #held = 0;

  constructor(limits: Partial<DocumentLimits> = {}) {
    this.#limits = { ...DOCUMENT_LIMITS, ...limits };
    this.#lane = new Lane(this.#limits.waiting);
  }

  /**
   * @param filename as the sender calls it; only ever shown, and the title where the document tells none.
   * @throws DocumentRefusal; Failure `queue-full` 503.
   */
  async textOf(
    stream: Readable,
    { filename, expectedBytes }: { readonly filename: string; readonly expectedBytes: number | undefined },
  ): Promise<Text> {
    const { title, blocks, left } = await this.#within(() => this.#taken(stream, expectedBytes));
    const { paragraphs, cut } = tidy(blocks);
    if (paragraphs.length === 0) {
      throw new DocumentRefusal(left.includes('pictures') ? 'document-scanned' : 'document-without-text');
    }
    const all = new Set([...left, ...(cut ? (['rest'] as const) : [])]);
    return { title: (title ?? titleOf(filename)).slice(0, 200), paragraphs, left: [...all] };
  }

  /** Each is held whole: no more at a time than may wait to be read. */
  async #within<Result>(work: () => Promise<Result>): Promise<Result> {
    const { waiting } = this.#limits;
    if (this.#held > waiting) {
      const detail = 'Too many documents are being read; try again in a moment.';
      throw new Failure('queue-full', detail, { status: 503, params: { waiting } });
    }
    this.#held += 1;
    try {
      return await work();
    } finally {
      this.#held -= 1;
    }
  }

  async #taken(stream: Readable, expectedBytes: number | undefined): Promise<Reading> {
    const file = await this.#receive(stream, expectedBytes);
    const kind = kindOf(file);
    // What its directory says is looked at before a thread is started for it.
    if (kind === 'docx') Zip.open(file);
    return this.#lane.do(() => this.#read({ kind, file }));
  }

  async #receive(stream: Readable, expectedBytes: number | undefined): Promise<Buffer> {
    const { bytes: most } = this.#limits;
    const tooLarge = (): DocumentRefusal =>
      new DocumentRefusal('document-too-large', { megabytes: most / 1_000_000 });
    if ((expectedBytes ?? 0) > most) throw tooLarge();
    const chunks: Buffer[] = [];
    let bytes = 0;
    try {
      for await (const chunk of stream.iterator({ destroyOnReturn: false })) {
        const buffer: Buffer = chunk;
        bytes += buffer.length;
        if (bytes > most) throw tooLarge();
        chunks.push(buffer);
      }
    } catch (error) {
      throw error instanceof DocumentRefusal ? error : new DocumentRefusal('interrupted', {}, error);
    }
    if (bytes === 0) throw new DocumentRefusal('document-empty');
    if (expectedBytes !== undefined && bytes !== expectedBytes) throw new DocumentRefusal('interrupted');
    return Buffer.concat(chunks);
  }

  async #read(task: DocumentTask): Promise<Reading> {
    const { readMs, heapMegabytes } = this.#limits;
    const thread = startThread(task, heapMegabytes);
    let timer: NodeJS.Timeout | undefined;
    try {
      const answer = await new Promise<DocumentAnswer>((resolve, reject) => {
        const slow = { seconds: Math.round(readMs / 1_000) };
        timer = setTimeout(() => reject(new DocumentRefusal('document-too-slow', slow)), readMs);
        thread.on('message', resolve);
        // Out of memory ends here too.
        thread.on('error', (error) => reject(new DocumentRefusal('document-bomb', {}, error)));
        thread.on('exit', (code) =>
          reject(new Error(`the thread that reads documents ended early (${code})`)),
        );
      });
      if ('reading' in answer) return answer.reading;
      const { code, params, why } = answer.refusal;
      throw new DocumentRefusal(code as DocumentRefusalCode, params, new Error(why));
    } finally {
      clearTimeout(timer);
      await thread.terminate();
    }
  }
}

/** What a document is by how it begins. @throws DocumentRefusal. */
function kindOf(file: Buffer): 'docx' | 'pdf' {
  // A PDF may have something in front of it (ISO 32000-1, annex H.3.4.1).
  if (file.subarray(0, 1_024).includes('%PDF-')) return 'pdf';
  if (file.toString('hex', 0, 8) === 'd0cf11e0a1b11ae1') {
    // The old container: a document of Word 97, or a new one under a password.
    const locked = file.includes(Buffer.from('EncryptedPackage', 'utf16le'));
    throw new DocumentRefusal(locked ? 'document-encrypted' : 'document-old');
  }
  if (file.toString('latin1', 0, 5) === '{\\rtf')
    throw new DocumentRefusal('document-other', { format: 'RTF' });
  if (file.toString('hex', 0, 4) !== '504b0304') throw new DocumentRefusal('document-unknown');
  if (file.includes('word/document.xml')) return 'docx';
  const others = { 'xl/workbook.xml': 'XLSX', 'ppt/presentation.xml': 'PPTX', opendocument: 'ODT' };
  for (const [name, format] of Object.entries(others)) {
    if (file.includes(name)) throw new DocumentRefusal('document-other', { format });
  }
  throw new DocumentRefusal('document-unknown');
}

/** From source the thread needs a loader, which a worker on Node 20 does not take from `--import` for its first file. */
function startThread(task: DocumentTask, heapMegabytes: number): Worker {
  const options = {
    workerData: task,
    name: 'documents',
    env: {},
    // What the readers complain about is for nobody.
    stdout: true,
    stderr: true,
    resourceLimits: { maxOldGenerationSizeMb: heapMegabytes, maxYoungGenerationSizeMb: 64 },
  };
  if (!import.meta.url.endsWith('.ts')) return new Worker(new URL('./worker.js', import.meta.url), options);
  const loader = pathToFileURL(
    createRequire(import.meta.url)
      .resolve('tsx/esm/api')
      .replace(/cjs$/, 'mjs'),
  ).href;
  const file = new URL('./worker.ts', import.meta.url).href;
  const start = `import(${JSON.stringify(loader)}).then(({ register }) => { register(); return import(${JSON.stringify(file)}); })`;
  return new Worker(start, { ...options, eval: true, execArgv: ['--conditions=loa-source'] });
}
