import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** A program of this house, run as a process of its own, as it would run for real. */
export class Child {
  readonly #process: ChildProcess;
  readonly exited: Promise<number>;

  /**
   * @param script compiled program to run with this Node.
   * @param onLine each line of its standard output. Standard error passes through.
   */
  constructor(script: URL, args: readonly string[], env: NodeJS.ProcessEnv, onLine: (line: string) => void) {
    // A group of its own, so that Ctrl-C reaches only the demo, which then stops everything in order; and a channel
    // whose closing tells the child that the demo is gone, however it went.
    this.#process = spawn(process.execPath, ['--enable-source-maps', script.pathname, ...args], {
      env,
      detached: true,
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    });
    if (this.#process.stdout !== null) createInterface({ input: this.#process.stdout }).on('line', onLine);
    this.exited = new Promise((resolve) => {
      this.#process.once('error', () => resolve(1));
      this.#process.once('exit', (code) => resolve(code ?? 1));
    });
  }

  get running(): boolean {
    return (
      this.#process.exitCode === null && this.#process.signalCode === null && this.#process.pid !== undefined
    );
  }

  /** Asks it to stop and waits until it has; insists after ten seconds. */
  async stop(): Promise<void> {
    this.#process.kill('SIGTERM');
    const insist = setTimeout(() => this.#process.kill('SIGKILL'), 10_000);
    await this.exited;
    clearTimeout(insist);
  }
}
