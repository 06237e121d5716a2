import type { DeviceStatus } from '#controller/http/contract/devices';

/** In the order of how pressing they are, the calm one first. */
export const DeviceStatusNames = [
  'online',
  'stale',
  'offline',
  'fault',
  'unseen',
] as const satisfies readonly DeviceStatus[];
