import { missingLetters } from '#devices/face/letters';
import { wordsOf } from '#devices/render/words';
import type { Lint } from './publishing.ts';

/** What a scene cannot be shown for at all: letters that no board has. */
export const lint: Lint = (scene) =>
  missingLetters(wordsOf(scene)).map(({ name }) => ({
    ...{ code: 'letter-missing', severity: 'error', params: { letter: name } },
    ...{ page: null, zone: null, fix: null },
  }));
