import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';

const ROOT = new URL('../../', import.meta.url);

/** A compiled program of ours as a process, with what it printed. */
export class Program {
  readonly lines: string[] = [];
  readonly errors: string[] = [];
  readonly #process: ChildProcess;
  readonly exited: Promise<number | null>;

  /** @param script below `dist/`, such as `controller/main.js`. @param flags for Node itself. */
  constructor(
    script: string,
    args: readonly string[],
    env: Readonly<Record<string, string>> = {},
    flags: readonly string[] = ['--enable-source-maps'],
  ) {
    const clean = Object.fromEntries(
      Object.entries(process.env).filter(([name]) => !name.startsWith('LOA_')),
    );
    this.#process = spawn(process.execPath, [...flags, new URL(`dist/${script}`, ROOT).pathname, ...args], {
      env: { ...clean, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      cwd: ROOT.pathname,
    });
    if (this.#process.stdout !== null) {
      createInterface({ input: this.#process.stdout }).on('line', (line) => this.lines.push(line));
    }
    if (this.#process.stderr !== null) {
      createInterface({ input: this.#process.stderr }).on('line', (line) => this.errors.push(line));
    }
    this.exited = new Promise((resolve) => this.#process.once('exit', (code) => resolve(code)));
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  get running(): boolean {
    return this.#process.exitCode === null && this.#process.signalCode === null;
  }

  /** Waits for a line of standard output that matches. @throws with everything printed when it ends without. */
  async line(pattern: RegExp, timeoutMs = 60_000): Promise<RegExpExecArray> {
    const until = Date.now() + timeoutMs;
    for (;;) {
      for (const line of this.lines) {
        const match = pattern.exec(line);
        if (match !== null) return match;
      }
      if (!this.running || Date.now() > until) {
        throw new Error(
          `no line like ${pattern} was printed:\n${[...this.lines, ...this.errors].join('\n')}`,
        );
      }
      await sleep(20);
    }
  }

  /** Asks it to stop, as Ctrl-C or a service manager would. @returns its exit code. */
  async stop(): Promise<number | null> {
    if (this.running) this.#process.kill('SIGTERM');
    const insist = setTimeout(() => this.#process.kill('SIGKILL'), 15_000);
    const code = await this.exited;
    clearTimeout(insist);
    return code;
  }

  /** The power goes. */
  async kill(): Promise<void> {
    if (this.running) this.#process.kill('SIGKILL');
    await this.exited;
  }
}
