import { randomInt } from 'node:crypto';
import type { DeviceKind } from '#devices/kind';

/** Without i, l, o, 0 and 1: it is read from a label and typed on a phone. */
const ALPHABET = 'abcdefghjkmnpqrstuvwxyz23456789';
const PREFIX: Record<DeviceKind, string> = { speaker: 'loa', board: 'bang' };

/** A new device id such as `loa-k7wq3mxa`; 8·10¹¹ of them. */
export function newDeviceId(kind: DeviceKind): string {
  const letters = Array.from({ length: 8 }, () => ALPHABET[randomInt(ALPHABET.length)]);
  return `${PREFIX[kind]}-${letters.join('')}`;
}

/** The same for areas and groups, whose ids name topics too. */
export function newGroupId(prefix: 'kv' | 'nhom'): string {
  const letters = Array.from({ length: 8 }, () => ALPHABET[randomInt(ALPHABET.length)]);
  return `${prefix}-${letters.join('')}`;
}
