import { missingLetters } from '#devices/face/letters';
import type { Scene } from '#devices/scene';
import type { SceneItem } from '#devices/scene/item';
import { Failure } from '../failure.ts';

const MOST_NAMED = 8;

/**
 * Refuses what a board could not show as it was written, by the names of the letters.
 * @throws Failure 422 `letters-missing`.
 */
export function refuseMissingLetters({ pages }: Pick<Scene, 'pages'>): void {
  const texts = pages.flatMap(({ zones }) => zones.flatMap(({ item }) => textsOf(item)));
  const missing = missingLetters(texts.join('\n'));
  if (missing.length === 0) return;
  const letters = missing
    .slice(0, MOST_NAMED)
    .map(({ name }) => name)
    .join(', ');
  throw new Failure(
    'letters-missing',
    `Boards have no letter for ${letters}${missing.length > MOST_NAMED ? ' and more' : ''}. Write it with other letters.`,
    { status: 422, params: { letters, count: missing.length } },
  );
}

/** What is drawn of an item, letter by letter. What is only said of a picture is drawn too if the picture is broken. */
function textsOf(item: SceneItem): readonly string[] {
  switch (item.type) {
    case 'notice':
    case 'emergency':
      return [item.heading ?? '', item.text];
    case 'text':
      return item.paragraphs.flatMap(({ runs }) => runs.map(({ text }) => text));
    case 'table':
      return [item.heading ?? '', ...item.rows.flat()];
    case 'ticker':
      return [item.text];
    case 'tile':
      return [item.label, item.value, item.unit ?? ''];
    case 'image':
    case 'video':
      return [item.alt];
    case 'images':
      return item.pictures.map(({ alt }) => alt);
    case 'clock':
      return [];
  }
}
