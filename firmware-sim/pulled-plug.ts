import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

/** What a device asks of the program that holds its plug. */
const Asked = z.union([z.object({ offForMs: z.number() }), z.object({ freezeMs: z.number() })]);

/** For the device under the plug: when it was first switched on, epoch ms. */
const SINCE = 'LOA_SIM_FIRST_ON';

/** Ends this program as a pulled plug would: nothing is written, nothing is said. Whoever holds the plug starts it again. */
export function powerCut(offForMs: number): void {
  const cut = (): void => void process.kill(process.pid, 'SIGKILL');
  if (process.send === undefined) cut();
  else process.send({ offForMs }, cut);
}

/** This program stands still for so long, all of it. */
export function freeze(ms: number): void {
  if (process.send !== undefined) process.send({ freezeMs: ms });
  else Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

/** When the device was first switched on; null for a program that nobody holds the plug of. */
export function firstOn(): number | null {
  const since = Number(process.env[SINCE]);
  return Number.isFinite(since) && since > 0 ? since : null;
}

/**
 * Holds the plug of a device: runs the same program with the same arguments as a child, kills, freezes and starts it
 * again as its script of faults asks. Ends with the child's exit code, when it ends otherwise; SIGTERM and SIGINT are
 * handed on.
 */
export async function holdPlug(args: readonly string[], script: string): Promise<number> {
  const env = { ...process.env, [SINCE]: String(Date.now()) };
  let stopping = false;
  for (;;) {
    const child = fork(fileURLToPath(script), args, { env });
    let offForMs: number | null = null;
    child.on('message', (message) => {
      const asked = Asked.safeParse(message);
      if (!asked.success) return;
      if ('offForMs' in asked.data) offForMs = asked.data.offForMs;
      else {
        child.kill('SIGSTOP');
        setTimeout(() => child.kill('SIGCONT'), asked.data.freezeMs);
      }
    });
    const stop = (): void => {
      stopping = true;
      child.kill('SIGCONT');
      child.kill('SIGTERM');
    };
    process.on('SIGTERM', stop);
    process.on('SIGINT', stop);
    const code = await new Promise<number | null>((resolve) => child.once('exit', resolve));
    process.off('SIGTERM', stop);
    process.off('SIGINT', stop);
    if (offForMs === null || stopping) return code ?? 1;
    await new Promise((resolve) => setTimeout(resolve, offForMs ?? 0));
  }
}
