import type { Command } from '#devices/messages/command';
import type { Broadcasts } from './broadcasts.ts';
import type { Order } from './orders.ts';

export interface Obedient {
  readonly broadcasts: Broadcasts;
  readonly identify: (seconds: number) => Promise<void>;
  /** Takes a picture of what stands. @returns the id that it is sent under. */
  readonly capture: () => Promise<string>;
  /** Starts the page anew. */
  readonly restart: () => Promise<void>;
  /** Something is to be done together very soon. */
  readonly compareClock: () => void;
}

/** Carries out a command that was found genuine, and tells what became of it; resolves when there is no more to do now. */
export async function obey(command: Command, order: Order, board: Obedient): Promise<void> {
  const { broadcasts } = board;
  switch (command.type) {
    case 'prepare':
      board.compareClock();
      return broadcasts.prepare(command.broadcast, order);
    case 'start':
      return broadcasts.begin(command.broadcast, command.t0, order);
    case 'stop':
      order.say('started');
      if (command.broadcast === undefined) broadcasts.endAll();
      else broadcasts.end(command.broadcast);
      order.say('ended');
      return;
    case 'identify':
      order.say('started');
      await board.identify(command.seconds);
      order.say('ended');
      return;
    case 'capture':
      order.say('started');
      order.say('ended', { evidence: await board.capture() });
      return;
    case 'reboot':
      order.say('started');
      return board.restart();
    case 'set-volume':
      // Boards are silent.
      order.say('started');
      order.say('ended');
      return;
    case 'self-test':
      order.say('rejected', { reason: 'unsupported' });
      return;
  }
}
