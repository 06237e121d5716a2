import { readdir, readFile } from 'node:fs/promises';

/** What a process holds of the machine's memory, MB of 1,000,000 bytes. */
export interface Memory {
  /** Resident, shared libraries included (`VmRSS`). */
  readonly rssMb: number;
  /** Its proportional share (`Pss`): what is shared is divided among those who share it. */
  readonly pssMb: number;
}

/** Of one process; Linux only. @throws when it is gone. */
export async function memoryOf(pid: number): Promise<Memory> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const shares = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8');
  return { rssMb: megabytes(status, 'VmRSS'), pssMb: megabytes(shares, 'Pss') };
}

/** The children of a process, such as its decoder. */
export async function childrenOf(pid: number): Promise<number[]> {
  const tasks = await readdir(`/proc/${pid}/task`);
  const lists = await Promise.all(
    tasks.map((task) => readFile(`/proc/${pid}/task/${task}/children`, 'utf8')),
  );
  return lists.flatMap((list) => list.split(' ').filter(Boolean).map(Number));
}

function megabytes(text: string, name: string): number {
  const found = new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text)?.[1];
  if (found === undefined) throw new Error(`the kernel does not tell ${name}`);
  return (Number(found) * 1_024) / 1e6;
}
