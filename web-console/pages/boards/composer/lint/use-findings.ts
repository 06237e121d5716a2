import { useDeferredValue, useMemo } from 'react';
import type { LintFinding } from '#devices/lint/finding';
import { lint } from '#devices/lint/lint';
import type { Assets } from '#devices/render/assets';
import { browserAssets } from '../../scene/assets.ts';
import { useArrived } from '../../scene/use-show.ts';
import type { Composition } from '../model/composition.ts';
import { lacksOf } from '../model/lacks.ts';
import type { BoardPreview } from '../preview/use-preview.ts';
import { USUAL_METRES, useFormats } from '../start/formats.ts';
import { useSamples } from '../start/use-samples.ts';

export interface Found {
  /** Errors first; what only the composer sees has the codes `blank` and `sample`. */
  readonly all: readonly LintFinding[];
  readonly errors: number;
  readonly warnings: number;
  /** From how far away these boards are read. */
  readonly viewingMetres: number;
}

/** A browser shows films as they play, and not frame by frame: flashes are counted where a film is made. */
const ASSETS: Assets = {
  picture: (sha256) => browserAssets.picture(sha256),
  film: () => null,
  layer: (size) => browserAssets.layer(size),
};

/** What is said of an empty zone besides that it is empty. */
const OF_BLANK: ReadonlySet<string> = new Set(['nothing-written', 'no-file', 'no-words-for-picture']);

/** What keeps the composition from being read on its boards, found while it is typed. */
export function useFindings(composition: Composition, preview: BoardPreview, night: boolean): Found {
  const samples = useSamples();
  const formats = useFormats();
  const { width, height, pitchMm } = composition.format;
  const viewingMetres =
    formats?.find((format) => format.width === width && format.height === height)?.viewingMetres ??
    USUAL_METRES;
  const { scene, making } = useDeferredValue(preview);
  const lacks = useMemo(() => lacksOf(scene.pages, samples), [scene, samples]);
  const arrived = useArrived();
  // biome-ignore lint/correctness/useExhaustiveDependencies: looked at anew when a picture has come
  const linted = useMemo(() => {
    const panel = { width, height, pitchMm };
    return lint(scene, panel, { viewingMetres, night, now: Date.now() }, ASSETS);
  }, [scene, width, height, pitchMm, viewingMetres, night, arrived]);
  return useMemo(() => {
    const blank = new Set(lacks.map(({ page, zone }) => `${page} ${zone}`));
    const own = lacks.map((lack): LintFinding => ({ ...lack, severity: 'error', params: {}, fix: null }));
    const rest = linted.filter(
      ({ code, page, zone }) =>
        !(OF_BLANK.has(code) && blank.has(`${page} ${zone}`)) && !(code === 'no-file' && making),
    );
    const all = [...own, ...rest].sort(
      (one, other) => Number(one.severity === 'warning') - Number(other.severity === 'warning'),
    );
    const errors = all.filter(({ severity }) => severity === 'error').length;
    return { all, errors, warnings: all.length - errors, viewingMetres };
  }, [lacks, linted, making, viewingMetres]);
}
