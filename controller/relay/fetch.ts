import http, { type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { destinationOf } from './allowance.ts';
import { connect, type Doorway, messageOf } from './connect.ts';
import { IcySocket } from './icy-socket.ts';
import { lost, plainAddress, refused, StreamTrouble } from './trouble.ts';

/** An answer that has begun to come. */
export interface Opened {
  /** After all redirections. */
  readonly url: URL;
  /** In lower case, without parameters; empty when nothing was said. */
  readonly contentType: string;
  readonly headers: IncomingHttpHeaders;
  /** Bytes in the order in which they come; ends with an error when nothing comes for {@link STALL_MS}. */
  readonly body: AsyncIterable<Buffer>;
  /** Lets go of the connection. */
  close(): void;
}

const MOST_REDIRECTIONS = 5;
/** What is to be had whole must be there by then: nobody drips it byte by byte. */
const WHOLE_MS = 30_000;
/** So long for the head of an answer, and between two pieces of its body while they are waited for. */
export const STALL_MS = 10_000;
const REDIRECTIONS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

export interface FetchOptions {
  readonly signal: AbortSignal;
  /** Of this range of bytes only: first, and how many. */
  readonly range?: { readonly from: number; readonly bytes: number };
  /** Only if it is another one than that (RFC 9110, section 13); else it ends with `http-304`. */
  readonly unlike?: { readonly etag: string | null; readonly lastModified: string | null };
}

/**
 * Opens an address of the list with GET. It follows redirections itself, and judges each as the first address. It says
 * nothing of whoever asks, no cookies, no referrer, and asks for no titles within the sound (`Icy-MetaData`).
 * @throws StreamTrouble; the signal's reason when cancelled.
 */
export async function open(address: URL, doorway: Doorway, options: FetchOptions): Promise<Opened> {
  let url = address;
  for (let redirections = 0; redirections <= MOST_REDIRECTIONS; redirections += 1) {
    const response = await request(url, doorway, options);
    const { statusCode: status = 0, headers } = response;
    if (REDIRECTIONS.has(status) && headers.location !== undefined) {
      response.destroy();
      url = targetOf(headers.location, url);
      continue;
    }
    if (status !== 200 && status !== 206) {
      response.destroy();
      throw lost(`http-${status}`, `${plainAddress(url)} answered ${status}.`);
    }
    if (options.range !== undefined && status !== 206) {
      response.destroy();
      throw lost('no-ranges', `${plainAddress(url)} does not give parts of its files.`);
    }
    const [contentType = ''] = (headers['content-type'] ?? '').split(';', 1);
    const interval = Number(headers['icy-metaint'] ?? 0);
    const body = bodyOf(response, options.signal, url);
    return {
      url,
      contentType: contentType.trim().toLowerCase(),
      headers,
      body: Number.isInteger(interval) && interval > 0 ? withoutTitles(body, interval) : body,
      close: () => void response.destroy(),
    };
  }
  throw lost(
    'too-many-redirections',
    `${plainAddress(address)} sends on more than ${MOST_REDIRECTIONS} times.`,
  );
}

/** The whole of something small. @throws StreamTrouble `too-large`. */
export async function openWhole(
  url: URL,
  doorway: Doorway,
  options: FetchOptions & { readonly mostBytes: number },
): Promise<Omit<Opened, 'body' | 'close'> & { readonly bytes: Buffer }> {
  const answer = await open(url, doorway, options);
  const timer = setTimeout(answer.close, WHOLE_MS);
  try {
    const pieces: Buffer[] = [];
    let size = 0;
    for await (const piece of answer.body) {
      size += piece.length;
      if (size > options.mostBytes) {
        throw refused('too-large', `${plainAddress(answer.url)} has more than ${options.mostBytes} bytes.`);
      }
      pieces.push(piece);
    }
    return { ...answer, bytes: Buffer.concat(pieces) };
  } finally {
    clearTimeout(timer);
    answer.close();
  }
}

/** @throws StreamTrouble `not-allowed` for what is no address of the web, or carries a password. */
export function webAddress(text: string, base?: URL): URL {
  if (!URL.canParse(text, base?.href)) throw refused('bad-address', 'The address cannot be read.');
  const url = new URL(text, base?.href);
  if (destinationOf(url) === null) {
    throw refused('bad-protocol', `Only http and https are opened, not ${url.protocol}`);
  }
  if (url.username !== '' || url.password !== '') {
    throw refused('credentials', 'An address with a name or password in it is not opened.');
  }
  url.hash = '';
  return url;
}

const targetOf = (location: string, from: URL): URL => webAddress(location, from);

async function request(
  url: URL,
  doorway: Doorway,
  { signal, range, unlike }: FetchOptions,
): Promise<IncomingMessage> {
  const destination = destinationOf(webAddress(url.href));
  if (destination === null) throw refused('bad-protocol', 'Only http and https are opened.');
  const socket = await connect(destination, doorway, signal);
  return await new Promise<IncomingMessage>((resolve, reject) => {
    const asked = http.request({
      // Without an agent, which would connect by itself: there is no connection but the one that was judged.
      createConnection: () => new IcySocket(socket),
      method: 'GET',
      // Old SHOUTcast writes its headers as it likes. One request goes over a connection, so that nothing can be smuggled.
      insecureHTTPParser: true,
      path: `${url.pathname}${url.search}`,
      setHost: false,
      headers: {
        host: url.host,
        accept: '*/*',
        'accept-encoding': 'identity',
        'user-agent': 'loa-relay/1',
        connection: 'close',
        ...(range === undefined ? {} : { range: `bytes=${range.from}-${range.from + range.bytes - 1}` }),
        ...(unlike?.etag == null ? {} : { 'if-none-match': unlike.etag }),
        ...(unlike?.lastModified == null ? {} : { 'if-modified-since': unlike.lastModified }),
      },
    });
    const settle = (error: unknown, response?: IncomingMessage): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', cancel);
      if (response !== undefined) resolve(response);
      else {
        asked.on('error', () => {});
        asked.destroy();
        socket.destroy();
        reject(error);
      }
    };
    const cancel = (): void => settle(signal.reason);
    const timer = setTimeout(
      () => settle(lost('no-answer', `${plainAddress(url)} does not answer.`)),
      STALL_MS,
    );
    signal.addEventListener('abort', cancel, { once: true });
    asked.on('response', (response) => settle(null, response));
    asked.on('error', (error) =>
      settle(lost('bad-answer', `${plainAddress(url)}: ${messageOf(error)}`, error)),
    );
    asked.end();
    if (signal.aborted) cancel();
  });
}

/** Only while somebody waits for a piece, the other side can be too slow. */
async function* bodyOf(response: IncomingMessage, signal: AbortSignal, url: URL): AsyncGenerator<Buffer> {
  const cancel = (): void => void response.destroy();
  signal.addEventListener('abort', cancel, { once: true });
  if (signal.aborted) cancel();
  let stalled = false;
  const pieces: AsyncIterator<Buffer> = response[Symbol.asyncIterator]();
  try {
    for (;;) {
      const timer = setTimeout(() => {
        stalled = true;
        response.destroy();
      }, STALL_MS);
      const piece = await pieces.next().finally(() => clearTimeout(timer));
      if (piece.done === true) break;
      yield piece.value;
    }
    signal.throwIfAborted();
    if (stalled) throw lost('stalled', `Nothing more came from ${plainAddress(url)}.`);
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof StreamTrouble) throw error;
    if (stalled) throw lost('stalled', `Nothing more came from ${plainAddress(url)}.`, error);
    throw lost('broken-off', `${plainAddress(url)} broke off: ${messageOf(error)}`, error);
  } finally {
    signal.removeEventListener('abort', cancel);
    response.destroy();
  }
}

/** Some servers send titles unasked: after every `interval` bytes one byte with a sixteenth of their length, and they. */
async function* withoutTitles(body: AsyncIterable<Buffer>, interval: number): AsyncGenerator<Buffer> {
  let sound = interval;
  let titles = 0;
  for await (const piece of body) {
    let at = 0;
    while (at < piece.length) {
      if (titles > 0) {
        const skipped = Math.min(titles, piece.length - at);
        titles -= skipped;
        at += skipped;
      } else if (sound === 0) {
        titles = (piece[at] ?? 0) * 16;
        at += 1;
        sound = interval;
      } else {
        const taken = Math.min(sound, piece.length - at);
        yield piece.subarray(at, at + taken);
        sound -= taken;
        at += taken;
      }
    }
  }
}
