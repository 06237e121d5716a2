import { useDeferredValue, useMemo } from 'react';
import type { Scene } from '#devices/scene';
import type { Composition } from '../model/composition.ts';
import { type Lack, lacksOf } from '../model/lacks.ts';
import { USUAL_METRES, useFormats } from '../start/formats.ts';
import { useSamples } from '../start/use-samples.ts';

export interface Found {
  readonly lacks: readonly Lack[];
  readonly errors: number;
  readonly warnings: number;
  /** From how far away these boards are read. */
  readonly viewingMetres: number;
}

/** What keeps the composition from being read on its boards, found while it is typed. */
export function useFindings(composition: Composition, _scene: Scene): Found {
  const later = useDeferredValue(composition);
  const samples = useSamples();
  const formats = useFormats();
  const { format } = later;
  const viewingMetres =
    formats?.find(({ width, height }) => width === format.width && height === format.height)?.viewingMetres ??
    USUAL_METRES;
  const lacks = useMemo(() => lacksOf(later, samples), [later, samples]);
  return { lacks, errors: lacks.length, warnings: 0, viewingMetres };
}
