import { resolve, sep } from 'node:path';

/** What a disk can do to a device: take nothing more, or take no change at all. */
export type DiskFault = 'full' | 'read-only';

const CODES = {
  full: ['ENOSPC', 'no space left on device'],
  'read-only': ['EROFS', 'read-only file system'],
};

/** By directory of a device, absolute. A real device never has an entry: its disk breaks by itself. */
const broken = new Map<string, DiskFault>();

/** From now on everything below `dir` behaves as on such a disk; for tests and the script of faults. */
export const breakDisk = (dir: string, fault: DiskFault): void => void broken.set(resolve(dir), fault);

export const mendDisk = (dir: string): void => void broken.delete(resolve(dir));

/** To be called where the device writes to a file. @throws as the system would, with its code. */
export function mayWrite(path: string): void {
  throwIf(path, 'open', () => true);
}

/** To be called where the device removes or shortens a file: a full disk allows it. @throws as the system would. */
export function mayRemove(path: string): void {
  throwIf(path, 'unlink', (fault) => fault === 'read-only');
}

function throwIf(path: string, syscall: string, matters: (fault: DiskFault) => boolean): void {
  if (broken.size === 0) return;
  const absolute = resolve(path);
  for (const [dir, fault] of broken) {
    if (!absolute.startsWith(dir + sep) || !matters(fault)) continue;
    const [code, text] = CODES[fault];
    throw Object.assign(new Error(`${code}: ${text}, ${syscall} '${path}'`), { code, syscall, path });
  }
}
