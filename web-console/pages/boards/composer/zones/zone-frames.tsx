import { type KeyboardEvent, type PointerEvent, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { Rectangle } from '#devices/scene/page';
import {
  type Corner,
  moved,
  resized,
  snapped,
  snappedMove,
  stepOf,
  stretched,
  whole,
} from '../model/rectangles.ts';
import { useComposer } from '../use-composer.tsx';
import './zones.css';

const CORNERS: readonly Corner[] = ['nw', 'ne', 'sw', 'se'];
const WAYS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

interface Drag {
  readonly corner: Corner | null;
  readonly from: Rectangle;
  readonly x: number;
  readonly y: number;
  /** Pixels of the screen to a unit of the grid. */
  readonly unit: number;
  readonly key: string;
}

/** The zones of the page over its picture: chosen by a tap, moved and resized by pointer or arrow keys. */
export function ZoneFrames() {
  const { t } = useTranslation();
  const { composition, page, zoneAt, pageAt, select, editZone, announce } = useComposer();
  const { grid } = composition;
  const drag = useRef<Drag | null>(null);
  const board = useRef<HTMLDivElement>(null);
  // One zone that is the whole board has nothing to be told from.
  if (page.zones.length === 1 && page.zones[0]?.rectangle === undefined) return null;

  const tell = (index: number, at: Rectangle) => announce(t('compose.zoneIsAt', { name: index + 1, ...at }));
  const put = (index: number, to: Rectangle, key: string) => {
    editZone((zone) => ({ ...zone, rectangle: to }), key);
    tell(index, to);
  };
  const grab = (event: PointerEvent<HTMLElement>, index: number, corner: Corner | null) => {
    if (event.button !== 0 || index !== zoneAt) return;
    const width = board.current?.clientWidth ?? grid.width;
    event.currentTarget.setPointerCapture(event.pointerId);
    event.stopPropagation();
    const { clientX: x, clientY: y } = event;
    const from = page.zones[index]?.rectangle ?? whole(grid);
    drag.current = { corner, from, x, y, unit: width / grid.width, key: `drag ${Date.now()}` };
  };
  const pull = (event: PointerEvent<HTMLElement>) => {
    const held = drag.current;
    if (held === null) return;
    const dx = Math.round((event.clientX - held.x) / held.unit);
    const dy = Math.round((event.clientY - held.y) / held.unit);
    const to =
      held.corner === null
        ? snappedMove(moved(held.from, dx, dy, grid), grid)
        : snapped(stretched(held.from, held.corner, dx, dy, grid), grid);
    editZone((zone) => ({ ...zone, rectangle: to }), held.key);
  };
  const drop = (index: number) => {
    if (drag.current === null) return;
    drag.current = null;
    tell(index, page.zones[index]?.rectangle ?? whole(grid));
  };
  const press = (event: KeyboardEvent, index: number) => {
    const way = WAYS[event.key];
    if (way === undefined) return;
    event.preventDefault();
    if (index !== zoneAt) select(pageAt, index);
    const by = event.ctrlKey || event.altKey ? 1 : stepOf(grid);
    const from = page.zones[index]?.rectangle ?? whole(grid);
    const [dx, dy] = [way[0] * by, way[1] * by];
    put(index, (event.shiftKey ? resized : moved)(from, dx, dy, grid), `keys ${event.shiftKey}`);
  };
  const share = (value: number, all: number) => `${(100 * value) / all}%`;
  return (
    <div className="zone-frames" ref={board}>
      {page.zones.map(({ rectangle, item }, index) => {
        const { x, y, width, height } = rectangle ?? whole(grid);
        const mine = index === zoneAt;
        return (
          <button
            // biome-ignore lint/suspicious/noArrayIndexKey: a zone has no other name than its place
            key={index}
            type="button"
            className="zone-frame"
            aria-pressed={mine}
            aria-label={t('compose.zoneOf', { name: index + 1, item: t(`compose.item.${item.type}`) })}
            aria-description={t('compose.zoneKeys')}
            style={{
              left: share(x, grid.width),
              top: share(y, grid.height),
              width: share(width, grid.width),
              height: share(height, grid.height),
            }}
            onClick={() => select(pageAt, index)}
            onFocus={() => mine || select(pageAt, index)}
            onKeyDown={(event) => press(event, index)}
            onPointerDown={(event) => grab(event, index, null)}
            onPointerMove={pull}
            onPointerUp={() => drop(index)}
            onPointerCancel={() => drop(index)}
          >
            {mine &&
              CORNERS.map((corner) => (
                <span
                  key={corner}
                  className="zone-corner"
                  data-corner={corner}
                  onPointerDown={(event) => grab(event, index, corner)}
                  onPointerMove={pull}
                  onPointerUp={() => drop(index)}
                  onPointerCancel={() => drop(index)}
                />
              ))}
          </button>
        );
      })}
    </div>
  );
}
