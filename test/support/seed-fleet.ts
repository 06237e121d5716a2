import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ControllerKey } from '#controller/signing/controller-key';
import { seededCredential, seededDevice } from './seed.ts';
import type { Village } from './village.ts';

/**
 * Writes what so many seeded devices (`seedDevices`) keep on their disks after they were paired, so that the fleet
 * program starts with all of them let in. They share one key of their own: it is used for pairing alone.
 */
export async function seedFleet(
  village: Pick<Village, 'directory' | 'mqttPort' | 'url'>,
  count: number,
): Promise<string> {
  const directory = path.join(village.directory, 'fleet');
  const { kid, publicJwk } = await ControllerKey.load(path.join(village.directory, 'data', 'keys'));
  const { kty, crv, x, d } = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });
  for (let index = 0; index < count; index += 1) {
    const device = seededDevice(index);
    const home = path.join(directory, `device-${String(index + 1).padStart(4, '0')}`);
    mkdirSync(home, { recursive: true });
    const identity = {
      privateKey: { kty, crv, x, d },
      code: '22222222',
      serial: `S${index}`,
      model: 'LP-30',
    };
    const pairing = {
      state: 'approved',
      device,
      credential: seededCredential(device),
      controllerKey: { ...publicJwk, kid },
      brokers: [`mqtt://127.0.0.1:${village.mqttPort}`],
      http: village.url,
    };
    writeFileSync(path.join(home, 'identity.json'), JSON.stringify(identity));
    writeFileSync(path.join(home, 'pairing.json'), JSON.stringify(pairing), { mode: 0o600 });
  }
  return directory;
}
