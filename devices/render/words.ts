import type { SceneItem } from '../scene/item.ts';
import type { Scene } from '../scene.ts';

/** What a screen reader says for a scene, page by page. */
export const wordsOf = ({ pages }: Pick<Scene, 'pages'>): string =>
  pages
    .map((page) => wordsOfPage(page))
    .filter((words) => words !== '')
    .join('\n\n');

export const wordsOfPage = ({ zones }: Scene['pages'][number]): string =>
  zones
    .map(({ item }) => wordsOfItem(item))
    .filter((words) => words !== '')
    .join('\n');

export function wordsOfItem(item: SceneItem): string {
  switch (item.type) {
    case 'notice':
      return sentences([item.heading ?? '', item.text]);
    case 'text':
      return item.paragraphs.map(({ runs }) => runs.map(({ text }) => text).join('')).join('\n');
    case 'table':
      return sentences([item.heading ?? '', ...item.rows.map((row) => row.join(', '))]);
    case 'image':
    case 'video':
      return item.alt;
    case 'images':
      return item.pictures.map(({ alt }) => alt).join('\n');
    case 'ticker':
      return item.text;
    case 'clock':
      return '';
    case 'tile':
      return `${item.label}: ${item.value}${item.unit === undefined ? '' : ` ${item.unit}`}`;
    case 'emergency':
      return sentences([item.heading, item.text]);
  }
}

const sentences = (lines: readonly string[]): string =>
  lines
    .map((line) => line.normalize('NFC').trim())
    .filter((line) => line !== '')
    .join('\n');
