import type { Size } from './brush.ts';

export type Fit = 'contain' | 'cover';

/** Which part of a picture goes where in a zone, in whole pixels. */
export interface Placing {
  readonly from: { readonly x: number; readonly y: number } & Size;
  readonly to: { readonly x: number; readonly y: number } & Size;
}

/** `contain` leaves the ground at two edges, `cover` cuts off what is too much. */
export function placingOf(picture: Size, zone: Size, fit: Fit): Placing {
  const across = zone.width / picture.width;
  const down = zone.height / picture.height;
  if (fit === 'contain') {
    const scale = Math.min(across, down);
    const width = Math.max(1, Math.min(zone.width, Math.round(picture.width * scale)));
    const height = Math.max(1, Math.min(zone.height, Math.round(picture.height * scale)));
    const x = Math.floor((zone.width - width) / 2);
    const y = Math.floor((zone.height - height) / 2);
    return {
      from: { x: 0, y: 0, width: picture.width, height: picture.height },
      to: { x, y, width, height },
    };
  }
  const scale = Math.max(across, down);
  const width = Math.max(1, Math.min(picture.width, Math.round(zone.width / scale)));
  const height = Math.max(1, Math.min(picture.height, Math.round(zone.height / scale)));
  return {
    from: {
      x: Math.floor((picture.width - width) / 2),
      y: Math.floor((picture.height - height) / 2),
      width,
      height,
    },
    to: { x: 0, y: 0, width: zone.width, height: zone.height },
  };
}

/** Whether pixels are copied and none is made. */
export const isCopy = ({ from, to }: Placing): boolean =>
  from.width === to.width && from.height === to.height;

/**
 * The file whose pixels are copied as they are, if there is one; else the smallest that has more than enough of them,
 * else the largest.
 */
export function fileFor<File extends Size>(files: readonly File[], zone: Size, fit: Fit): File | null {
  const area = ({ width, height }: Size): number => width * height;
  const exact =
    files.find(({ width, height }) => width === zone.width && height === zone.height) ??
    files.find((file) => isCopy(placingOf(file, zone, fit)));
  if (exact !== undefined) return exact;
  const enough = files.filter((file) => {
    const { from, to } = placingOf(file, zone, fit);
    return from.width >= to.width && from.height >= to.height;
  });
  const smallest = enough.reduce<File | null>(
    (best, file) => (best === null || area(file) < area(best) ? file : best),
    null,
  );
  return (
    smallest ??
    files.reduce<File | null>((best, file) => (best === null || area(file) > area(best) ? file : best), null)
  );
}
