import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createSecureContext } from 'node:tls';
import type { Logger } from 'pino';
import type { Component } from '../component.ts';
import type { Config } from '../config/settings.ts';
import { Failure } from '../failure.ts';

/** A certificate with its chain, and its private key; both PEM. */
export interface KeyPair {
  readonly cert: string;
  readonly key: string;
}

/** Certificates are renewed weeks before they end; whoever renews them need not tell us. */
const LOOK_MS = 60_000;
const DAY_MS = 86_400_000;
const WARN_MS = 14 * DAY_MS;

/**
 * The certificate of the open ports, from two files. They are read again every minute, so that a renewed one is in use
 * soon, without a restart and without a connection lost; one that cannot be used is told, and the old one stays.
 */
export class Certificate implements Component {
  readonly #files: { readonly cert: string; readonly key: string };
  readonly #log: Logger;
  readonly #listeners: ((pair: KeyPair) => void)[] = [];
  #pair: KeyPair;
  #trouble = '';
  #timer: NodeJS.Timeout | undefined;

  private constructor(files: { cert: string; key: string }, pair: KeyPair, log: Logger) {
    this.#files = files;
    this.#pair = pair;
    this.#log = log;
  }

  /** @throws Failure `wrong-certificate` naming the file, what is wrong with it, and what to do. */
  static async load(files: { cert: string; key: string }, log: Logger): Promise<Certificate> {
    return new Certificate(files, await read(files), log);
  }

  get pair(): KeyPair {
    return this.#pair;
  }

  /** Called with each renewed pair. To be used before `start`. */
  onRenewed(listener: (pair: KeyPair) => void): void {
    this.#listeners.push(listener);
  }

  async start(): Promise<void> {
    this.#warn();
    this.#timer = setInterval(() => void this.look(), LOOK_MS);
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
  }

  /** Reads the files again. Never rejects. */
  async look(): Promise<void> {
    try {
      const pair = await read(this.#files);
      this.#trouble = '';
      if (pair.cert === this.#pair.cert && pair.key === this.#pair.key) return;
      this.#pair = pair;
      for (const listener of this.#listeners) listener(pair);
      const { subject, validTo, fingerprint256 } = new X509Certificate(pair.cert);
      this.#log.info(
        { audit: 'certificate', subject, validTo, fingerprint256 },
        'the certificate was renewed',
      );
      this.#warn();
    } catch (error) {
      const trouble = error instanceof Error ? error.message : String(error);
      if (trouble !== this.#trouble)
        this.#log.error({ err: error }, 'the certificate on the disk cannot be used');
      this.#trouble = trouble;
    }
  }

  #warn(): void {
    const { validTo, subject } = new X509Certificate(this.#pair.cert);
    const left = Date.parse(validTo) - Date.now();
    if (left > WARN_MS) return;
    const days = Math.floor(left / DAY_MS);
    this.#log.warn({ subject, validTo, days }, 'the certificate ends soon; devices will refuse to connect');
  }
}

async function read(files: { cert: string; key: string }): Promise<KeyPair> {
  const [cert, key] = await Promise.all([text(files.cert, 'LOA_TLS_CERT'), text(files.key, 'LOA_TLS_KEY')]);
  try {
    createSecureContext({ cert, key });
    return { cert, key };
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Failure(
      'wrong-certificate',
      `${files.cert} and ${files.key} cannot be used together: ${why}. LOA_TLS_CERT must be a PEM certificate with its chain, and LOA_TLS_KEY its private key, without a password.`,
      { cause },
    );
  }
}

async function text(file: string, setting: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Failure(
      'wrong-certificate',
      `${setting}=${file} cannot be read: ${why}. Correct the path or its rights.`,
      {
        cause,
      },
    );
  }
}

/** What the settings name; undefined when they name nothing. @throws Failure `wrong-setting` when one of the two is missing. */
export async function certificateOf(
  { LOA_TLS_CERT: cert, LOA_TLS_KEY: key }: Pick<Config, 'LOA_TLS_CERT' | 'LOA_TLS_KEY'>,
  log: Logger,
): Promise<Certificate | undefined> {
  if (cert === undefined && key === undefined) return undefined;
  if (cert === undefined || key === undefined) {
    const missing = cert === undefined ? 'LOA_TLS_CERT' : 'LOA_TLS_KEY';
    throw new Failure('wrong-setting', `${missing} is missing: a certificate and its key are set together.`);
  }
  return await Certificate.load({ cert, key }, log);
}
