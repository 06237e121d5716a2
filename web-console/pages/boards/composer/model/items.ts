import type { SceneItem } from '#devices/scene/item';
import type { Paragraph } from '#devices/scene/text';

export type ItemType = SceneItem['type'];
/** What a person composes; an emergency has a door of its own. */
export const COMPOSED = [
  'notice',
  'text',
  'table',
  'ticker',
  'image',
  'images',
  'video',
  'clock',
  'tile',
] as const satisfies readonly ItemType[];
export type ComposedType = (typeof COMPOSED)[number];
export type ItemOf<T extends ItemType> = Extract<SceneItem, { type: T }>;

/** Vietnam has one time all year. */
const HANOI_MINUTES = 420;

/** An item with nothing in it yet. */
export function emptyItem(type: ComposedType): SceneItem {
  switch (type) {
    case 'notice':
      return { type, text: '' };
    case 'text':
      return { type, paragraphs: [] };
    case 'table':
      return {
        type,
        head: true,
        rows: [
          ['', ''],
          ['', ''],
        ],
      };
    case 'ticker':
      return { type, text: '' };
    case 'image':
      return { type, files: [], alt: '', fit: 'contain' };
    case 'images':
      return { type, pictures: [], eachMs: 8_000, fit: 'contain' };
    case 'video':
      return { type, files: [], durationMs: 1, alt: '' };
    case 'clock':
      return { type, show: 'time-date', utcOffsetMinutes: HANOI_MINUTES };
    case 'tile':
      return { type, label: '', value: '' };
  }
}

export const textOf = (paragraphs: readonly Paragraph[]): string =>
  paragraphs.map(({ runs }) => runs.map(({ text }) => text).join('')).join('\n');

/** The words of an item, to carry them over when it becomes an item of another kind. */
export function wordsIn(item: SceneItem): { heading: string; text: string } {
  switch (item.type) {
    case 'notice':
      return { heading: item.heading ?? '', text: item.text };
    case 'text':
      return { heading: '', text: textOf(item.paragraphs) };
    case 'table':
      return { heading: item.heading ?? '', text: item.rows.map((row) => row.join('  ')).join('\n') };
    case 'ticker':
      return { heading: '', text: item.text };
    case 'tile':
      return { heading: item.label, text: `${item.value} ${item.unit ?? ''}`.trim() };
    default:
      return { heading: '', text: '' };
  }
}

/** An item of another kind, with the words of the one that stood there. */
export function turnedInto(item: SceneItem, type: ComposedType): SceneItem {
  const { heading, text } = wordsIn(item);
  const both = [heading, text].filter((part) => part.trim() !== '');
  switch (type) {
    case 'notice':
      return { type, text, ...(heading === '' ? {} : { heading }) };
    case 'text':
      return {
        type,
        paragraphs: both
          .join('\n')
          .split('\n')
          .filter((line) => line !== '')
          .map((line) => ({ runs: [{ text: line }] })),
      };
    case 'ticker':
      return { type, text: both.join(': ').replaceAll('\n', ' ').slice(0, 2_000) };
    case 'table': {
      const rows = text.split('\n').filter((line) => line.trim() !== '');
      return rows.length === 0
        ? emptyItem(type)
        : {
            type,
            ...(heading === '' ? {} : { heading }),
            rows: rows.slice(0, 60).map((line) => line.split(/\s{2,}|\t/).slice(0, 6)),
          };
    }
    default:
      return emptyItem(type);
  }
}

/** Whether something must still be filled in before a board can take it. */
export function isBlank(item: SceneItem): boolean {
  switch (item.type) {
    case 'notice':
    case 'ticker':
      return item.text.trim() === '';
    case 'text':
      return textOf(item.paragraphs).trim() === '';
    case 'table':
      return item.rows.every((row) => row.every((cell) => cell.trim() === ''));
    case 'image':
    case 'video':
      return item.visual === undefined && item.files.length === 0;
    case 'images':
      return item.pictures.length === 0;
    case 'tile':
      return item.label.trim() === '' || item.value.trim() === '';
    case 'clock':
    case 'emergency':
      return false;
  }
}
