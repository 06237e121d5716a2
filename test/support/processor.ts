import { readFileSync } from 'node:fs';

/** USER_HZ, fixed at 100 by Linux for every architecture that this runs on. */
const TICKS_PER_SECOND = 100;

/** Seconds of processor time that a process used so far, all its threads together (proc(5), fields 14 and 15). */
export function processorSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}
