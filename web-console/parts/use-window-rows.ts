import { useMediaQuery } from '@mantine/hooks';
import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { type CSSProperties, type RefObject, useLayoutEffect, useRef, useState } from 'react';

/** One row in sight: what it shows, and the place it keeps among all rows. */
interface WindowRow<T> {
  key: string;
  index: number;
  item: T;
  style: CSSProperties;
}

/**
 * Only the rows in sight exist; a thousand cost no more than twenty.
 * @param items all rows, in their order.
 * @param height of one row in pixels, on a desk and on a phone.
 * @param keyOf names a row for as long as it is the same one.
 * @returns the list's `ref`, its whole `height` in pixels, and the rows in sight.
 */
export function useWindowRows<T>(
  items: readonly T[],
  height: { desk: number; phone: number },
  keyOf: (item: T) => string,
): { list: RefObject<HTMLUListElement | null>; height: number; shown: WindowRow<T>[] } {
  const phone = useMediaQuery('(max-width: 47.99em)', undefined, { getInitialValueInEffect: false }) ?? false;
  const list = useRef<HTMLUListElement>(null);
  const [top, setTop] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what stands above the list changes its height with the data
  useLayoutEffect(() => {
    if (list.current !== null) setTop(list.current.getBoundingClientRect().top + window.scrollY);
  }, [items, phone]);
  const rows = useWindowVirtualizer({
    count: items.length,
    estimateSize: () => (phone ? height.phone : height.desk),
    overscan: 8,
    scrollMargin: top,
    getItemKey: (index) => {
      const item = items[index];
      return item === undefined ? index : keyOf(item);
    },
  });
  return {
    list,
    height: rows.getTotalSize(),
    shown: rows.getVirtualItems().flatMap(({ index, key, size, start }) => {
      const item = items[index];
      return item === undefined
        ? []
        : [
            {
              key: String(key),
              index,
              item,
              style: { height: size, transform: `translateY(${start - top}px)` },
            },
          ];
    }),
  };
}
