/** So many steps can be taken back; a day's work on one notice is less. */
const REMEMBERED = 200;
/** Letters typed into one field within so long of each other are taken back together. */
const TOGETHER_MS = 1_200;

/** What is edited, with the way back and the way forth. States are never changed in place. */
export interface History<T> {
  readonly past: readonly T[];
  readonly present: T;
  readonly future: readonly T[];
  /** The field that was touched last, and when; epoch ms. */
  readonly touched: { readonly key: string; readonly at: number } | null;
}

export const begun = <T>(present: T): History<T> => ({ past: [], present, future: [], touched: null });

/** @param key what was touched: changes of one key that follow each other fast count as one; null stands alone. */
export function changed<T>(history: History<T>, next: T, key: string | null, at: number): History<T> {
  if (Object.is(next, history.present)) return history;
  const { touched } = history;
  const together = key !== null && touched?.key === key && at - touched.at <= TOGETHER_MS;
  return {
    past: together ? history.past : [...history.past, history.present].slice(-REMEMBERED),
    present: next,
    future: [],
    touched: key === null ? null : { key, at },
  };
}

export function undone<T>(history: History<T>): History<T> {
  const before = history.past.at(-1);
  if (before === undefined) return history;
  return {
    past: history.past.slice(0, -1),
    present: before,
    future: [history.present, ...history.future],
    touched: null,
  };
}

export function redone<T>(history: History<T>): History<T> {
  const [next, ...future] = history.future;
  if (next === undefined) return history;
  return { past: [...history.past, history.present], present: next, future, touched: null };
}
