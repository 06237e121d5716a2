import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Device } from '#firmware-sim/device';
import { LossyLink, MOBILE } from '../support/lossy-link.ts';
import { seedDevices } from '../support/seed.ts';
import { seedFleet } from '../support/seed-fleet.ts';
import { until } from '../support/until.ts';
import { Village } from '../support/village.ts';
import type { Report } from './main.ts';

const DEVICES = 40;
const LIVING_MS = 150_000;
const LIMIT_S = 60;
const LOOK_MS = 250;

/**
 * Forty speakers on a mobile link, heard every half minute; then the mast loses its uplink, and nobody is told. When does
 * the console know of each, and did it cry wolf before? Takes four minutes.
 */
export default async function deadDevice(report: Report): Promise<void> {
  const village = await Village.start({ prepare: async (data) => void (await seedDevices(data, DEVICES)) });
  const { client, directory, url } = village;
  const link = await LossyLink.open({ port: village.mqttPort }, MOBILE);
  const homes = await seedFleet({ directory, url, mqttPort: link.port }, DEVICES);
  const devices = Array.from({ length: DEVICES }, (_, index) => {
    const dir = path.join(homes, `device-${String(index + 1).padStart(4, '0')}`);
    return new Device({ kind: 'speaker', http: url, dir, decoder: 'silent' });
  });
  const list = async () => (await client.call('GET /devices', { query: { limit: DEVICES } })).items;
  try {
    for (const device of devices) await device.start();
    await until('every device to be well', async () =>
      (await list()).every(({ status }) => status === 'online'),
    );
    const alarms = new Set<string>();
    for (const end = Date.now() + LIVING_MS; Date.now() < end; await sleep(LOOK_MS)) {
      for (const { id, status } of await list()) if (status !== 'online') alarms.add(id);
    }
    report({
      name: `alarms in ${LIVING_MS / 1_000} s of ${DEVICES} devices on a mobile link, all of them well`,
      ...{ figure: alarms.size, unit: 'devices', limit: 0, ok: alarms.size === 0 },
    });
    link.freeze();
    const died = performance.now();
    const shown = new Map<string, number>();
    while (shown.size < DEVICES && performance.now() - died < 3 * LIMIT_S * 1_000) {
      for (const { id, status } of await list()) {
        if (status !== 'online' && !shown.has(id)) shown.set(id, (performance.now() - died) / 1_000);
      }
      await sleep(LOOK_MS);
    }
    const seconds = [...shown.values()].sort((one, other) => one - other);
    const last = shown.size === DEVICES ? (seconds.at(-1) ?? Number.NaN) : Number.POSITIVE_INFINITY;
    report({
      name: `dead and not shown, the first of ${DEVICES}`,
      ...{ figure: seconds[0] ?? Number.NaN, unit: 's', limit: null, ok: true },
    });
    report({
      name: `dead and not shown, the last of ${DEVICES}`,
      ...{ figure: last, unit: 's', limit: LIMIT_S, ok: last <= LIMIT_S },
    });
  } finally {
    link.thaw();
    await Promise.all(devices.map((device) => device.stop()));
    await village.stop();
    await link.stop();
  }
}
