import type { BroadcastPart } from '#devices/broadcast';
import { SCENE_TYPE } from '#devices/scene';
import type { Composition } from '../broadcasts/compose.ts';
import type { Sound } from './sounds.ts';

/** After a siren ears need a moment; between repeats people look up, and begin to listen. */
const AFTER_SIREN_MS = 600;
const BETWEEN_REPEATS_MS = 1_500;

export interface SpokenMessage {
  readonly title: string;
  readonly siren: Sound | null;
  readonly words: Sound;
  readonly repeats: number;
  /** Said before all and after all: that it is a drill. */
  readonly frame: Sound | null;
}

/** What loudspeakers sound: the siren once, then the words so many times. */
export function spoken({ title, siren, words, repeats, frame }: SpokenMessage): Composition {
  const parts: BroadcastPart[] = [];
  let at = 0;
  const add = (role: BroadcastPart['role'], sound: Sound, pauseMs: number): void => {
    parts.push({
      ...{ role, programme: null, title: sound.title.slice(0, 200) },
      ...{ offsetMs: at, durationMs: sound.durationMs },
      renditions: [
        { ...sound.opus, type: 'audio/ogg' },
        { ...sound.mp3, type: 'audio/mpeg' },
      ],
    });
    at += sound.durationMs + pauseMs;
  };
  if (frame !== null) add('programme', frame, BETWEEN_REPEATS_MS);
  if (siren !== null) add('chime', siren, AFTER_SIREN_MS);
  for (let repeat = 1; repeat <= repeats; repeat += 1) add('programme', words, BETWEEN_REPEATS_MS);
  if (frame !== null) add('programme', frame, BETWEEN_REPEATS_MS);
  return { title, parts, durationMs: at - BETWEEN_REPEATS_MS };
}

/** The siren alone, again and again for so long at least, while the words are still being spoken. */
export function sirenAlone(title: string, siren: Sound, forMs: number): Composition {
  const times = Math.min(MOST_SIRENS, Math.max(1, Math.ceil(forMs / siren.durationMs)));
  const parts = Array.from(
    { length: times },
    (_, index): BroadcastPart => ({
      // Not a chime: where there is nothing else, it is what is to be heard.
      ...{ role: 'programme', programme: null, title: siren.title.slice(0, 200) },
      ...{ offsetMs: index * siren.durationMs, durationMs: siren.durationMs },
      renditions: [
        { ...siren.opus, type: 'audio/ogg' },
        { ...siren.mp3, type: 'audio/mpeg' },
      ],
    }),
  );
  return { title, parts, durationMs: times * siren.durationMs };
}
const MOST_SIRENS = 4;

/** What boards show, until the incident is over. */
export function shown(
  title: string,
  scene: { readonly sha256: string; readonly bytes: number },
  durationMs: number,
): Composition {
  const part: BroadcastPart = {
    ...{ role: 'programme', programme: null, title: title.slice(0, 200), offsetMs: 0, durationMs },
    renditions: [{ ...scene, type: SCENE_TYPE }],
  };
  return { title, parts: [part], durationMs };
}
