import type { PlanBlob } from '#devices/plan';
import type { Size } from '#devices/render/brush';

/** The files of a plan that a board of this size needs. */
export const blobsFor = (blobs: readonly PlanBlob[], { width, height }: Size): PlanBlob[] =>
  blobs.filter(
    ({ panels }) =>
      panels === undefined || panels.some((panel) => panel.width === width && panel.height === height),
  );
