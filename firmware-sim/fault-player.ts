import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Amplifier } from './amplifier.ts';
import { type PanelCondition, scattered } from './board/panel-condition.ts';
import { cableOf } from './cable.ts';
import { breakDisk, mendDisk } from './disk-fault.ts';
import { beginOf, type Fault, type FaultScript } from './fault-script.ts';
import { freeze, powerCut } from './pulled-plug.ts';
import type { DecoderBrake } from './speaker/slow-decoder.ts';

export interface FaultPlayerDesk {
  readonly dir: string;
  readonly script: FaultScript;
  /** When the device was first switched on, epoch ms of the machine. */
  readonly since: number;
  readonly amplifier: Amplifier;
  readonly brake: DecoderBrake;
  /** Of a board. */
  readonly panel: { readonly width: number; readonly height: number };
  readonly panelCondition: PanelCondition;
  /** Sets the battery clock ahead; null for one that cannot be set. */
  readonly stepClock: ((ms: number) => void) | null;
  readonly tell: (detail: string) => void;
}

/** Lets things go wrong with a device at their time, and be well again. What it breaks, the device cannot see but by its harm. */
export class FaultPlayer {
  readonly #desk: FaultPlayerDesk;
  readonly #timers = new Set<NodeJS.Timeout>();

  constructor(desk: FaultPlayerDesk) {
    this.#desk = desk;
  }

  /** What began before, as when the device is switched on again, goes on for what is left of it. */
  start(): void {
    const now = Date.now();
    for (const fault of this.#desk.script) {
      const begin = beginOf(fault, this.#desk.since);
      const end = 'forMs' in fault && fault.forMs !== undefined ? begin + fault.forMs : null;
      if (begin < now && (isOnce(fault) || (end !== null && end <= now))) continue;
      this.#later(begin - now, () => this.#begin(fault));
      if (end !== null && fault.type !== 'freeze') this.#later(end - now, () => this.#end(fault));
    }
  }

  /** All is well again. */
  stop(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
    for (const fault of this.#desk.script) this.#end(fault);
  }

  #later(ms: number, act: () => void): void {
    // Beyond what a timer can hold it waits in strides.
    const stride = Math.min(Math.max(0, ms), 2 ** 30);
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      if (ms > stride) this.#later(ms - stride, act);
      else act();
    }, stride);
    this.#timers.add(timer);
  }

  #begin(fault: Fault): void {
    const { dir, amplifier, brake, panel, panelCondition, stepClock, tell } = this.#desk;
    tell(fault.type);
    switch (fault.type) {
      case 'link-down':
        cableOf(dir).pull();
        return;
      case 'clock-step':
        stepClock?.(fault.ms);
        return;
      case 'power-cut':
        powerCut(fault.offForMs);
        return;
      case 'freeze':
        freeze(fault.forMs);
        return;
      case 'disk-full':
        breakDisk(dir, 'full');
        return;
      case 'disk-read-only':
        breakDisk(dir, 'read-only');
        return;
      case 'corrupt-blob':
        corruptFiles(join(dir, 'blobs')).catch((error: unknown) => tell(String(error)));
        return;
      case 'slow-decoder':
        brake.factor = fault.factor;
        return;
      case 'dead-amplifier':
        amplifier.dead = true;
        return;
      case 'muted-output':
        amplifier.muted = true;
        return;
      case 'panel-dead-pixels':
        panelCondition.kill(scattered(fault.count, panel.width * panel.height));
        return;
      case 'panel-stuck':
        panelCondition.stick({ column: fault.column, row: fault.row });
        return;
      case 'panel-frozen':
        panelCondition.frozen = true;
        return;
      case 'panel-power':
        panelCondition.unpowered = true;
    }
  }

  #end({ type }: Fault): void {
    const { dir, amplifier, brake, panelCondition } = this.#desk;
    if (type === 'link-down') cableOf(dir).plug();
    else if (type === 'disk-full' || type === 'disk-read-only') mendDisk(dir);
    else if (type === 'slow-decoder') brake.factor = Number.POSITIVE_INFINITY;
    else if (type === 'dead-amplifier') amplifier.dead = false;
    else if (type === 'muted-output') amplifier.muted = false;
    else if (type === 'panel-dead-pixels') panelCondition.kill([]);
    else if (type === 'panel-stuck') panelCondition.stick(null);
    else if (type === 'panel-frozen') panelCondition.frozen = false;
    else if (type === 'panel-power') panelCondition.unpowered = false;
  }
}

/** These are over when they have begun. A battery clock that was set stays so, also for the next start. */
const isOnce = ({ type }: Fault): boolean =>
  type === 'power-cut' || type === 'freeze' || type === 'corrupt-blob';

async function corruptFiles(dir: string): Promise<void> {
  for (const name of await readdir(dir)) {
    const file = await open(join(dir, name), 'r+');
    try {
      const { size } = await file.stat();
      const at = Math.floor(size / 2);
      const { buffer, bytesRead } = await file.read(Buffer.alloc(16), 0, 16, at);
      for (let index = 0; index < bytesRead; index += 1) buffer[index] = (buffer[index] ?? 0) ^ 0xff;
      await file.write(buffer, 0, bytesRead, at);
    } finally {
      await file.close();
    }
  }
}
