import { missingLetters } from '../face/letters.ts';
import type { SceneItem } from '../scene/item.ts';
import type { LintFinding } from './finding.ts';
import { found, type Looked } from './looked.ts';

/** Every text of an item that is written on the board. */
export function textsOf(item: SceneItem): string[] {
  switch (item.type) {
    case 'notice':
    case 'emergency':
      return [item.heading ?? '', item.text];
    case 'text':
      return item.paragraphs.map(({ runs }) => runs.map(({ text }) => text).join(''));
    case 'table':
      return [item.heading ?? '', ...item.rows.flat()];
    case 'ticker':
      return [item.text];
    case 'tile':
      return [item.label, item.value, item.unit ?? ''];
    case 'image':
    case 'images':
    case 'video':
    case 'clock':
      return [];
  }
}

/** A board shows what was approved, not boxes; and what it shows is something. */
export function lintLetters(looked: Looked): LintFinding[] {
  const texts = textsOf(looked.item);
  const missing = missingLetters(texts.join(' ')).map(({ char, name }) =>
    found(looked, 'error', 'missing-letter', { letter: name, char }, 'remove-letter', { char }),
  );
  const empty = texts.length > 0 && texts.every((text) => text.trim() === '');
  return empty ? [...missing, found(looked, 'error', 'nothing-written', {}, 'remove-zone')] : missing;
}
