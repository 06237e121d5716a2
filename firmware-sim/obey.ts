import type { z } from 'zod';
import type { Command } from '#devices/messages/command';
import type { Board } from './board/board.ts';
import type { Broadcasts } from './broadcasts.ts';
import type { Tell } from './events.ts';
import type { EvidencePost } from './evidence-post.ts';
import type { Order } from './order.ts';
import type { Reboot } from './reboot.ts';
import type { SelfTester } from './self-test.ts';
import { Speaker } from './speaker/speaker.ts';

export interface Obedient {
  readonly broadcasts: Broadcasts;
  readonly performer: Speaker | Board;
  readonly evidence: EvidencePost;
  readonly selfTester: SelfTester;
  readonly reboot: Reboot;
  readonly onEvent: Tell;
}

/** Carries out a command that was found genuine, and tells what became of it; resolves when there is no more to do now. */
export async function obey(command: z.infer<typeof Command>, order: Order, device: Obedient): Promise<void> {
  const { broadcasts, performer, selfTester, reboot, onEvent } = device;
  switch (command.type) {
    case 'prepare':
      return broadcasts.prepare(command.broadcast, order);
    case 'start':
      return broadcasts.begin(command.broadcast, command.t0, order);
    case 'self-test':
      return selfTester.run(performer, order);
    case 'reboot':
      return reboot.order(order);
    case 'set-volume':
      order.started();
      broadcasts.setVolume(command.broadcast, command.volume);
      return order.ended();
    case 'stop':
      order.started();
      if (command.broadcast === undefined) broadcasts.endAll();
      else broadcasts.end(command.broadcast);
      return order.ended();
    case 'identify':
      order.started();
      onEvent({ type: 'identify', seconds: command.seconds });
      await new Promise((resolve) => setTimeout(resolve, command.seconds * 1000).unref());
      return order.ended();
    case 'capture':
      order.started();
      return order.ended({ evidence: await capture(command.seconds, device) });
  }
}

/** @returns the id under which it is on its way. */
async function capture(seconds: number, { performer, evidence }: Obedient): Promise<string> {
  // The speaker is asked for by its class, since the board's would load what draws letters.
  if (!(performer instanceof Speaker)) return await performer.capture();
  const id = evidence.newId();
  await evidence.keep(id, 'wav', await performer.capture(seconds));
  return id;
}
