import { type RefObject, useLayoutEffect, useState } from 'react';
import type { Size } from '#devices/render/brush';

/** How much room an element has inside, in CSS pixels. */
export function useRoom(element: RefObject<HTMLElement | null>): Size {
  const [room, setRoom] = useState<Size>({ width: 0, height: 0 });
  useLayoutEffect(() => {
    const { current } = element;
    if (current === null) return;
    const observer = new ResizeObserver(([entry]) => {
      if (entry === undefined) return;
      const { width, height } = entry.contentRect;
      setRoom({ width, height });
    });
    observer.observe(current);
    return () => observer.disconnect();
  }, [element]);
  return room;
}
