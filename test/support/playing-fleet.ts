import { Fleet } from '#firmware-sim/fleet';

/**
 * A process of whole devices that play without decoding. It tells how each stretch that was cut off ended:
 * `{device, endedAt, clockErrorMs}`, by the device's own clock, epoch ms, and how wrong that may be. Arguments: how
 * many, the controller's address, and the directory that their identities are in.
 */
const [count = '0', http = '', dir = ''] = process.argv.slice(2);

const fleet = new Fleet({
  devices: Number(count),
  http,
  dir,
  onEvent: (device, event) => {
    if (event.type !== 'record' || event.record.end !== 'stopped' || event.record.startedAt === null) return;
    const { endedAt, clockErrorMs } = event.record;
    process.send?.({ device, endedAt, clockErrorMs });
  },
});
await fleet.start();
