import type { Capabilities } from '#devices/kind';
import type { BootCount } from './boot-count.ts';
import type { DeviceClock } from './clock.ts';
import type { Slots } from './firmware/slots.ts';
import type { Identity } from './identity.ts';
import type { FullOptions } from './options.ts';
import type { Pairing } from './pairing.ts';

/** A device that has power, knows itself, and belongs to a controller. */
export interface Powered {
  readonly options: FullOptions;
  readonly capabilities: Capabilities;
  readonly pairing: Pairing;
  readonly identity: Identity;
  readonly boot: number;
  readonly bootCount: BootCount;
  readonly clock: DeviceClock;
  readonly firmware: Slots;
  /** Ends this life of the device and begins the next. */
  readonly restart: () => void;
}
