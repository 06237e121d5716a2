import { useDeferredValue, useMemo } from 'react';
import type { Show } from '#devices/render/show';
import type { Scene } from '#devices/scene';
import type { ScenePage } from '#devices/scene/page';
import { useFitted } from '../../scene/fitted.ts';
import { useShow } from '../../scene/use-show.ts';
import { type Composition, sceneOf } from '../model/composition.ts';

/** Every page is looked at while it is composed, whatever days it is for. */
const always = ({ from: _from, until: _until, ...page }: ScenePage): ScenePage => page;

export interface BoardPreview {
  /** As it will be sent, with the files of its pictures. */
  readonly scene: Scene;
  /** The scene laid out, every page of it. */
  readonly show: Show | null;
  /** The first picture of each page. */
  readonly starts: readonly number[];
  /** Whether files of pictures are still being made. */
  readonly making: boolean;
}

/** The composition as the board will show it, a moment behind the typing where the board is large. */
export function usePreview(composition: Composition): BoardPreview {
  const later = useDeferredValue(composition);
  const { width, height } = later.format;
  const size = useMemo(() => ({ width, height }), [width, height]);
  const composed = useMemo(() => sceneOf(later), [later]);
  const { scene, making } = useFitted(composed, size);
  const looked = useMemo(() => ({ ...scene, pages: scene.pages.map(always) }), [scene]);
  const show = useShow(looked, width, height);
  const starts = useMemo(
    () =>
      looked.pages.map((_, group) => Math.max(0, show?.pages.findIndex((page) => page.group === group) ?? 0)),
    [looked, show],
  );
  return { scene, show, starts, making };
}
