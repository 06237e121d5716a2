import { useQueries } from '@tanstack/react-query';
import { useMemo } from 'react';
import { boxOf } from '#devices/render/box';
import type { Size } from '#devices/render/brush';
import type { Scene } from '#devices/scene';
import type { FilmFile, PictureFile } from '#devices/scene/file';
import type { SceneItem } from '#devices/scene/item';
import type { Zone } from '#devices/scene/page';
import { api } from '../../../api/client.ts';

interface Wanted {
  readonly id: string;
  readonly width: number;
  readonly height: number;
  readonly fit: 'contain' | 'cover';
}
const keyOf = ({ id, width, height, fit }: Wanted): string => `${id} ${width}x${height} ${fit}`;

/** A zone's size in pixels of the board, as the renderer places it. */
function zonePixels({ rectangle }: Zone, { grid }: Scene, size: Size): Size {
  const { width, height } = boxOf(rectangle, grid, size);
  return { width: Math.max(1, width), height: Math.max(1, height) };
}

function wantedOf(zone: Zone, scene: Scene, size: Size): Wanted[] {
  const { item } = zone;
  const room = zonePixels(zone, scene, size);
  if (item.type === 'image' && item.visual !== undefined)
    return [{ id: item.visual, ...room, fit: item.fit }];
  if (item.type === 'video' && item.visual !== undefined)
    return [{ id: item.visual, ...room, fit: 'contain' }];
  if (item.type !== 'images') return [];
  return item.pictures.flatMap(({ visual }) =>
    visual === undefined ? [] : [{ id: visual, ...room, fit: item.fit }],
  );
}

type Files = ReadonlyMap<string, PictureFile | FilmFile>;

function withFiles(item: SceneItem, room: Size, files: Files): SceneItem {
  const of = (id: string | undefined, fit: Wanted['fit']) =>
    id === undefined ? undefined : files.get(keyOf({ id, ...room, fit }));
  switch (item.type) {
    case 'image': {
      const file = of(item.visual, item.fit);
      return file === undefined || 'durationMs' in file ? item : { ...item, files: [file] };
    }
    case 'images':
      return {
        ...item,
        pictures: item.pictures.map((picture) => {
          const file = of(picture.visual, item.fit);
          return file === undefined || 'durationMs' in file ? picture : { ...picture, files: [file] };
        }),
      };
    case 'video': {
      const file = of(item.visual, 'contain');
      return file === undefined || !('durationMs' in file) ? item : { ...item, files: [file] };
    }
    default:
      return item;
  }
}

/**
 * The scene with the very files that the board will get: each picture made by the controller for its zone's size.
 * @returns the scene, and whether files are still being made.
 */
export function useFitted(scene: Scene, size: Size): { scene: Scene; making: boolean } {
  const { width, height } = size;
  const wanted = useMemo(() => {
    const all = scene.pages.flatMap(({ zones }) =>
      zones.flatMap((zone) => wantedOf(zone, scene, { width, height })),
    );
    return [...new Map(all.map((one) => [keyOf(one), one])).values()];
  }, [scene, width, height]);
  const made = useQueries({
    queries: wanted.map((one) => ({
      queryKey: ['POST /visuals/{id}/fit', one] as const,
      queryFn: () => {
        const { id, ...body } = one;
        return api('POST /visuals/{id}/fit', { params: { id }, body });
      },
      staleTime: Number.POSITIVE_INFINITY,
      // One that was sent a moment ago is still being prepared.
      refetchInterval: ({ state }: { state: { status: string } }) =>
        state.status === 'error' ? 3_000 : false,
    })),
    combine: (answers) => ({
      files: answers.map(({ data }) => data),
      making: answers.some(({ isPending }) => isPending),
    }),
  });
  return useMemo(() => {
    if (wanted.length === 0) return { scene, making: false };
    const files = new Map<string, PictureFile | FilmFile>();
    wanted.forEach((one, index) => {
      const file = made.files[index];
      if (file !== undefined) files.set(keyOf(one), file);
    });
    const pages = scene.pages.map((page) => ({
      ...page,
      zones: page.zones.map((zone) => ({
        ...zone,
        item: withFiles(zone.item, zonePixels(zone, scene, { width, height }), files),
      })),
    }));
    return { scene: { ...scene, pages }, making: made.making };
  }, [scene, wanted, made, width, height]);
}
