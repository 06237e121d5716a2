import type { z } from 'zod';
import type { Command } from '#devices/messages/command';
import { Board } from './board/board.ts';
import type { Conductor } from './conductor.ts';
import type { Tell } from './events.ts';
import type { EvidencePost } from './evidence-post.ts';
import type { Speaker } from './speaker/speaker.ts';

export interface Obedient {
  readonly conductor: Conductor;
  readonly performer: Speaker | Board;
  readonly evidence: EvidencePost;
  readonly onEvent: Tell;
}

/** Carries out a command that was found genuine; resolves when it is done. */
export async function obey(command: z.infer<typeof Command>, device: Obedient): Promise<void> {
  const { conductor, performer, evidence, onEvent } = device;
  switch (command.type) {
    case 'identify':
      onEvent({ type: 'identify', seconds: command.seconds });
      await new Promise((resolve) => setTimeout(resolve, command.seconds * 1000).unref());
      return;
    case 'stop':
      conductor.silence();
      return;
    case 'capture': {
      const id = evidence.newId();
      if (performer instanceof Board) await evidence.keep(id, 'png', await performer.capture());
      else await evidence.keep(id, 'wav', await performer.capture(command.seconds));
    }
  }
}
