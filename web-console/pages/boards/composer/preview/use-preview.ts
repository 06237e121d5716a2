import { useDeferredValue, useMemo } from 'react';
import { makeShow, type Show } from '#devices/render/show';
import type { Scene } from '#devices/scene';
import type { ScenePage } from '#devices/scene/page';
import { browserAssets } from '../../scene/assets.ts';
import { useFitted } from '../../scene/fitted.ts';
import { useShow } from '../../scene/use-show.ts';
import { type Composition, sceneOf } from '../model/composition.ts';

/** Every page is looked at while it is composed, whatever days it is for. */
const always = ({ from: _from, until: _until, ...page }: ScenePage): ScenePage => page;

/** How many pictures a page of the scene makes: a long text makes several. */
function countOf(page: ScenePage, scene: Scene, size: Show['size']): number {
  try {
    return makeShow({ ...scene, pages: [page] }, size, browserAssets).pages.length;
  } catch {
    return 1;
  }
}

export interface BoardPreview {
  readonly scene: Scene;
  readonly show: Show | null;
  /** The first picture of each page. */
  readonly starts: readonly number[];
  readonly making: boolean;
}

/** The composition as the board will show it, a moment behind the typing where the board is large. */
export function usePreview(composition: Composition): BoardPreview {
  const later = useDeferredValue(composition);
  const { width, height } = later.format;
  const size = useMemo(() => ({ width, height }), [width, height]);
  const composed = useMemo(() => {
    const scene = sceneOf(later);
    return { ...scene, pages: scene.pages.map(always) };
  }, [later]);
  const { scene, making } = useFitted(composed, size);
  const show = useShow(scene, width, height);
  const starts = useMemo(() => {
    let at = 0;
    return scene.pages.map((page) => {
      const start = at;
      at += countOf(page, scene, size);
      return start;
    });
  }, [scene, size]);
  return { scene, show, starts, making };
}
