import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { BoardFormat } from '#controller/http/contract/boards';
import { ask } from '../../../../api/ask.ts';
import type { Format } from '../model/composition.ts';

/** From so far away a board beside a road is read. */
export const USUAL_METRES = 15;

const common = (width: number, height: number, pitchMm: number, display: 'led' | 'lcd'): BoardFormat => ({
  width,
  height,
  pitchMm,
  display,
  boards: [],
  viewingMetres: display === 'led' ? USUAL_METRES : 4,
});

/** Sizes that are sold, for a site that has no board yet. */
const COMMON: readonly BoardFormat[] = [
  common(192, 96, 5, 'led'),
  common(320, 160, 5, 'led'),
  common(128, 64, 10, 'led'),
  common(96, 192, 5, 'led'),
  common(1920, 1080, 0.63, 'lcd'),
  common(1080, 1920, 0.63, 'lcd'),
];

export const formatKey = ({ width, height, pitchMm }: Format): string => `${width}x${height}@${pitchMm}`;

/** The sizes of the site's boards; common ones where there are none. @returns undefined while they are asked for. */
export function useFormats(): readonly BoardFormat[] | undefined {
  const { data, isError } = useQuery(ask('GET /boards/formats'));
  return useMemo(() => {
    if (data === undefined) return isError ? COMMON : undefined;
    return data.length === 0 ? COMMON : data;
  }, [data, isError]);
}
