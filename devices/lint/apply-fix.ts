import type { SceneItem } from '../scene/item.ts';
import type { ScenePage, Zone } from '../scene/page.ts';
import type { Scene } from '../scene.ts';
import { APPLICABLE, type FixCode } from './codes.ts';
import type { LintFinding } from './finding.ts';

/** Whether a machine can put it right. */
export const canApply = ({ fix }: Pick<LintFinding, 'fix'>): boolean =>
  fix !== null && APPLICABLE.has(fix.code);

/** The scene with one finding put right; the same scene where that is for a person to do. */
export function applyFix(scene: Scene, { fix, page, zone }: LintFinding): Scene {
  if (fix === null || page === null) return scene;
  const code = fix.code as FixCode;
  const number = (name: string): number => Number(fix.params[name]);
  const text = (name: string): string => String(fix.params[name]);
  const onPage = (change: (page: ScenePage) => ScenePage): Scene => ({
    ...scene,
    pages: scene.pages.map((one, at) => (at === page ? change(one) : one)),
  });
  const onZone = (change: (zone: Zone) => Zone): Scene =>
    onPage((one) => ({ ...one, zones: one.zones.map((each, at) => (at === zone ? change(each) : each)) }));
  const onItem = (change: (item: SceneItem) => SceneItem): Scene =>
    onZone((one) => ({ ...one, item: change(one.item) }));
  switch (code) {
    case 'set-dwell':
      return onPage((one) => ({ ...one, dwellMs: number('dwellMs') }));
    case 'set-line':
      return onItem((item) => withLine(item, number('linePx')));
    case 'slow-ticker':
      return onItem((item) =>
        item.type === 'ticker' ? { ...item, pixelsPerSecond: number('pixelsPerSecond') } : item,
      );
    case 'ticker-to-pages':
      return onItem((item) => (item.type === 'ticker' ? pagesOf(item) : item));
    case 'set-ground':
      return onZone((one) => ({ ...one, ground: text('ground') }));
    case 'set-colour':
      return onItem((item) => withColour(item, text('colour')));
    case 'move-zone': {
      const rectangle = { x: number('x'), y: number('y'), width: number('width'), height: number('height') };
      return onZone((one) => ({ ...one, rectangle }));
    }
    case 'set-each':
      return onItem((item) => (item.type === 'images' ? { ...item, eachMs: number('eachMs') } : item));
    case 'remove-page':
      return scene.pages.length < 2 ? scene : { ...scene, pages: scene.pages.filter((_, at) => at !== page) };
    case 'remove-zone':
      return withoutZone(scene, page, zone);
    case 'remove-letter':
      return onItem((item) => withoutLetter(item, text('char')));
    case 'emergency-to-notice':
      return onItem((item) =>
        item.type === 'emergency'
          ? item.text.trim() === ''
            ? { type: 'notice', text: item.heading }
            : { type: 'notice', heading: item.heading, text: item.text }
          : item,
      );
    default:
      return scene;
  }
}

function withLine(item: SceneItem, linePx: number): SceneItem {
  switch (item.type) {
    case 'notice':
    case 'text':
    case 'table':
    case 'ticker':
    case 'clock':
      return { ...item, linePx };
    default:
      return item;
  }
}

/** One colour for all of it: what was coloured by itself is not any more. */
function withColour(item: SceneItem, colour: string): SceneItem {
  switch (item.type) {
    case 'text': {
      const plain = item.paragraphs.map((paragraph) => ({
        ...paragraph,
        runs: paragraph.runs.map(({ colour: _colour, ...run }) => run),
      }));
      return { ...item, paragraphs: plain, colour };
    }
    case 'notice':
    case 'table':
    case 'ticker':
    case 'clock':
    case 'tile':
      return { ...item, colour };
    default:
      return item;
  }
}

function pagesOf({ text, colour, linePx }: Extract<SceneItem, { type: 'ticker' }>): SceneItem {
  return {
    type: 'notice',
    text,
    ...(colour === undefined ? {} : { colour }),
    ...(linePx === undefined ? {} : { linePx }),
  };
}

/** A page without a zone is no page; a scene keeps its last one. */
function withoutZone(scene: Scene, page: number, zone: number | null): Scene {
  const pages = scene.pages
    .map((one, at) => (at === page ? { ...one, zones: one.zones.filter((_, index) => index !== zone) } : one))
    .filter(({ zones }) => zones.length > 0);
  return pages.length === 0 ? scene : { ...scene, pages };
}

function withoutLetter(item: SceneItem, char: string): SceneItem {
  const without = (text: string): string => text.normalize('NFC').replaceAll(char, '');
  switch (item.type) {
    case 'notice':
      return {
        ...item,
        ...(item.heading === undefined ? {} : { heading: without(item.heading) }),
        text: without(item.text) || ' ',
      };
    case 'emergency':
      return { ...item, heading: without(item.heading) || ' ', text: without(item.text) };
    case 'text':
      return {
        ...item,
        paragraphs: item.paragraphs.map((paragraph) => ({
          ...paragraph,
          runs: paragraph.runs
            .map((run) => ({ ...run, text: without(run.text) }))
            .filter(({ text }) => text !== ''),
        })),
      };
    case 'table':
      return {
        ...item,
        ...(item.heading === undefined ? {} : { heading: without(item.heading) }),
        rows: item.rows.map((row) => row.map(without)),
      };
    case 'ticker':
      return { ...item, text: without(item.text) || ' ' };
    case 'tile':
      return {
        ...item,
        label: without(item.label) || ' ',
        value: without(item.value) || ' ',
        ...(item.unit === undefined ? {} : { unit: without(item.unit) }),
      };
    default:
      return item;
  }
}
