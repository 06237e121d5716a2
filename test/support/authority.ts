import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** A certificate authority of a test's own, in a directory that goes with it. Made by OpenSSL. */
export class Authority {
  readonly directory = mkdtempSync(path.join(tmpdir(), 'loa-authority-'));
  readonly caFile = path.join(this.directory, 'ca.pem');
  #serial = 0;

  constructor() {
    this.#openssl(
      'req',
      '-x509',
      ...KEY,
      '-keyout',
      'ca.key',
      '-out',
      'ca.pem',
      '-days',
      '2',
      '-subj',
      '/CN=Test CA',
    );
  }

  get ca(): string {
    return readFileSync(this.caFile, 'utf8');
  }

  /** A certificate for this machine, by name and by address. Written anew under the same names, it is a renewal. */
  issue(name = 'server', days = 90): { cert: string; key: string } {
    const [request, extensions] = [`${name}.csr`, `${name}.ext`];
    const [cert, key] = [`${name}.pem`, `${name}.key`];
    this.#serial += 1;
    writeFileSync(
      path.join(this.directory, extensions),
      'subjectAltName=DNS:localhost,IP:127.0.0.1\nbasicConstraints=CA:FALSE\n',
    );
    this.#openssl('req', ...KEY, '-keyout', key, '-out', request, '-subj', `/CN=${name}`);
    this.#openssl(
      ...['x509', '-req', '-in', request, '-CA', 'ca.pem', '-CAkey', 'ca.key', '-out', cert],
      ...['-days', String(days), '-set_serial', String(this.#serial), '-extfile', extensions],
    );
    return { cert: path.join(this.directory, cert), key: path.join(this.directory, key) };
  }

  discard(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }

  #openssl(...args: string[]): void {
    execFileSync('openssl', args, { cwd: this.directory, stdio: 'pipe' });
  }
}

const KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
