import type { Ack } from '#devices/messages/ack';
import type { Meaning } from './orders.ts';
import type { Move, Share } from './shares.ts';

/** Reasons that say something about the message, and nothing about the device's part in the broadcast. */
const ABOUT_THE_MESSAGE: ReadonlySet<string> = new Set(['replayed']);

/**
 * What an acknowledgement of a command means for the device's part in the broadcast.
 * @param until when the broadcast is over, epoch ms: an end before it, of who was asked to stop, is a stop.
 */
export function moveOf(
  ack: Ack,
  command: Meaning['type'],
  share: Pick<Share, 'stopAsked'>,
  until: number,
): Move | null {
  const { state, reason, startedAt, at } = ack;
  if (command === 'set-volume') return null;
  if (command === 'stop') return state === 'ended' ? { to: 'stopped' } : null;
  switch (state) {
    case 'received':
    case 'ready':
      return { to: state };
    case 'rejected':
      if (reason === 'stopped') return { to: 'stopped' };
      return reason !== undefined && ABOUT_THE_MESSAGE.has(reason) ? null : { to: 'rejected', reason };
    case 'started':
      // Of `prepare` it says only that the device has begun to prepare.
      return command === 'prepare' ? null : { to: 'started', startedAt };
    case 'ended': {
      if (command === 'prepare') return null;
      const stopped = reason === 'stopped' || (share.stopAsked && at < until);
      return { to: stopped ? 'stopped' : 'ended', reason: stopped ? undefined : reason, startedAt };
    }
  }
}
