import { useCallback, useState } from 'react';

const keyOf = (name: string) => `loa.draft.${name}`;

function kept<T>(name: string): T | null {
  try {
    const text = sessionStorage.getItem(keyOf(name));
    return text === null ? null : (JSON.parse(text) as T);
  } catch {
    return null; // An older console wrote it differently: it is forgotten.
  }
}

/** What was typed into a form outlives a lost link, a wrong tap on "back" and a reload, until it is saved. */
export function useDraft<T extends object>(
  name: string,
  start: T,
): [draft: T, set: (draft: T) => void, forget: () => void, restored: boolean] {
  const [first] = useState(() => kept<T>(name));
  const [draft, setDraft] = useState<T>(() => ({ ...start, ...first }));
  const set = useCallback(
    (next: T) => {
      setDraft(next);
      sessionStorage.setItem(keyOf(name), JSON.stringify(next));
    },
    [name],
  );
  const forget = useCallback(() => {
    sessionStorage.removeItem(keyOf(name));
    setDraft(start);
  }, [name, start]);
  return [draft, set, forget, first !== null];
}
