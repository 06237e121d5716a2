import { describe, expect, test } from 'vitest';
import { lint } from '#devices/lint/lint';
import { Scene } from '#devices/scene';
import {
  freshComposition,
  reformatted,
  sceneOf,
} from '../../web-console/pages/boards/composer/model/composition.ts';
import { movePage, removePage } from '../../web-console/pages/boards/composer/model/edits.ts';
import { begun, changed, redone, undone } from '../../web-console/pages/boards/composer/model/history.ts';
import { laidOut, layoutOf, layoutsFor } from '../../web-console/pages/boards/composer/model/layouts.ts';
import {
  moved,
  resized,
  snapped,
  stretched,
} from '../../web-console/pages/boards/composer/model/rectangles.ts';
import { TEMPLATES } from '../../web-console/pages/boards/composer/model/template-names.ts';
import { pagesOf } from '../../web-console/pages/boards/composer/templates.ts';
import vi from '../../web-console/words/vi.json' with { type: 'json' };

const say = (key: keyof typeof vi.compose.sample) => vi.compose.sample[key];
const SIZES = [
  { width: 192, height: 96, pitchMm: 5 },
  { width: 96, height: 192, pitchMm: 5 },
  { width: 320, height: 160, pitchMm: 5 },
  { width: 1920, height: 1080, pitchMm: 0.63 },
  { width: 1080, height: 1920, pitchMm: 0.63 },
];

describe('every step of composing can be taken back', () => {
  test('letters typed together go together, other fields stand alone, and a new step forgets what was undone', () => {
    let history = begun('');
    history = changed(history, 'T', 'title', 0);
    history = changed(history, 'Tổ', 'title', 300);
    history = changed(history, 'Tổ 1', 'text', 400);
    history = changed(history, 'Tổ 12', 'text', 9_000);
    expect(undone(history).present).toBe('Tổ 1');
    expect(undone(undone(history)).present).toBe('Tổ');
    expect(undone(undone(undone(history))).present).toBe('');
    expect(undone(undone(undone(undone(history)))).present).toBe('');
    expect(redone(undone(history)).present).toBe('Tổ 12');
    expect(redone(changed(undone(history), 'khác', null, 9_100)).present).toBe('khác');
  });

  test('a day of typing is remembered within bounds', () => {
    let history = begun(0);
    for (let step = 1; step <= 5_000; step += 1) history = changed(history, step, null, step);
    expect(history.past.length).toBeLessThanOrEqual(200);
    expect(undone(history).present).toBe(4_999);
  });
});

describe('zones stay on the board', () => {
  const grid = { width: 192, height: 96 };
  const zone = { x: 160, y: 60, width: 32, height: 36 };

  test('moved, resized and stretched against an edge they stop there', () => {
    expect(moved(zone, 50, 50, grid)).toEqual({ ...zone, x: 160, y: 60 });
    expect(moved(zone, -500, -500, grid)).toEqual({ ...zone, x: 0, y: 0 });
    expect(resized(zone, 50, 50, grid)).toEqual(zone);
    expect(resized(zone, -500, -500, grid)).toEqual({ ...zone, width: 8, height: 8 });
    expect(stretched(zone, 'nw', -500, 500, grid)).toEqual({ x: 0, y: 88, width: 192, height: 8 });
    expect(stretched(zone, 'ne', 500, -500, grid)).toEqual({ x: 160, y: 0, width: 32, height: 96 });
  });

  test('edges snap to the grid, and the far edge is the board’s own', () => {
    expect(snapped({ x: 3, y: 5, width: 187, height: 30 }, grid)).toEqual({
      x: 4,
      y: 4,
      width: 188,
      height: 32,
    });
    const odd = { width: 190, height: 95 };
    const whole = snapped({ x: 0, y: 0, width: 189, height: 94 }, odd);
    expect([whole.x + whole.width, whole.y + whole.height]).toEqual([190, 95]);
  });

  test('a page keeps what stands on it from layout to layout, and each layout is known again', () => {
    for (const size of SIZES) {
      const page = { zones: [{ item: { type: 'notice', text: 'Họp tổ' } as const }] };
      for (const name of layoutsFor(size)) {
        const laid = laidOut(page, name, size);
        expect(laid.zones[0]?.item).toBe(page.zones[0]?.item);
        expect(layoutOf(laid, size)).toBe(name);
        for (const { rectangle } of laid.zones) {
          if (rectangle === undefined) continue;
          expect(rectangle.x + rectangle.width).toBeLessThanOrEqual(size.width);
          expect(rectangle.y + rectangle.height).toBeLessThanOrEqual(size.height);
        }
      }
    }
  });
});

describe('pages', () => {
  const pages = ['một', 'hai', 'ba'].map((text) => ({
    zones: [{ item: { type: 'notice', text } as const }],
  }));
  const composition = freshComposition({ width: 192, height: 96, pitchMm: 5 }, null, pages);
  const texts = (of: typeof composition) =>
    of.pages.map(({ zones }) => (zones[0]?.item.type === 'notice' ? zones[0].item.text : ''));

  test('are put in another order, and the last one is emptied rather than removed', () => {
    expect(texts(movePage(0, 2)(composition))).toEqual(['hai', 'ba', 'một']);
    expect(movePage(0, 3)(composition)).toBe(composition);
    const left = removePage(0)(removePage(0)(composition));
    expect(texts(left)).toEqual(['ba']);
    expect(texts(removePage(0)(left))).toEqual(['']);
  });
});

describe('templates', () => {
  test.each(TEMPLATES.filter((name) => name !== 'empty'))(
    '%s is a scene that every usual board can show',
    (name) => {
      for (const format of SIZES) {
        const scene = sceneOf(freshComposition(format, name, pagesOf(name, say, format)));
        expect(Scene.parse(scene)).toEqual(scene);
        const errors = lint(scene, format, {
          viewingMetres: format.pitchMm < 1 ? 4 : 10,
          night: false,
        }).filter(({ severity }) => severity === 'error');
        expect(errors).toEqual([]);
      }
    },
  );

  test('composed for one board it keeps its shape on another', () => {
    const format = { width: 192, height: 96, pitchMm: 5 };
    const composition = freshComposition(format, 'event', pagesOf('event', say, format));
    const larger = reformatted(composition, { width: 384, height: 192, pitchMm: 2.5 });
    expect(larger.grid).toEqual({ width: 384, height: 192 });
    expect(larger.pages[0]?.zones[1]?.rectangle).toEqual({ x: 0, y: 144, width: 384, height: 48 });
    expect(Scene.parse(sceneOf(larger))).toEqual(sceneOf(larger));
  });
});
