import type { CSSProperties, ReactNode } from 'react';
import type { Size } from '#devices/render/brush';

/** From so many pixels on a board is shrunk to fit its place, and looks better smoothed. */
const MANY = 640;

/** The casing around a board's picture, which is as large as its place lets it be in the board's own shape. */
export function BoardFrame({
  size,
  small = false,
  children,
}: {
  size: Size | null;
  small?: boolean;
  children: ReactNode;
}) {
  const { width, height } = size ?? { width: 2, height: 1 };
  return (
    <div
      className={small ? 'board-screen board-screen-small' : 'board-screen'}
      data-smooth={width > MANY}
      style={{ '--shape': width / height } as CSSProperties}
    >
      <div className="board-lit">{children}</div>
    </div>
  );
}
