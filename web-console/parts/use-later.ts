import { useEffect, useState } from 'react';

/** The value once it has kept still for so long: what is typed is not asked about letter by letter. */
export function useLater<T>(value: T, waitMs: number): T {
  const [later, setLater] = useState(value);
  useEffect(() => {
    const timer = window.setTimeout(() => setLater(value), waitMs);
    return () => window.clearTimeout(timer);
  }, [value, waitMs]);
  return later;
}
