import type { Recording } from './recorder.ts';

const NAME = 'loa-recordings';
const STORE = 'unsent';

function opened(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => void request.result.createObjectStore(STORE, { keyPath: 'id' });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

async function within<T>(
  mode: IDBTransactionMode,
  act: (store: IDBObjectStore) => IDBRequest<T>,
): Promise<T> {
  const database = await opened();
  try {
    return await new Promise((resolve, reject) => {
      const transaction = database.transaction(STORE, mode);
      const request = act(transaction.objectStore(STORE));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onabort = () => reject(transaction.error);
      transaction.onerror = () => reject(transaction.error);
    });
  } finally {
    database.close();
  }
}

/**
 * A recording that is not sent yet outlives a reload, a lost link and a flat battery. Where the browser keeps nothing
 * (a private window), it lives as long as the page.
 */
export const keep = async (recording: Recording): Promise<void> => {
  await within('readwrite', (store) => store.put(recording)).catch(() => null);
};

export const forget = async (id: string): Promise<void> => {
  await within('readwrite', (store) => store.delete(id)).catch(() => null);
};

/** The newest recording that was never sent. */
export async function kept(): Promise<Recording | null> {
  const all = await within<Recording[]>('readonly', (store) => store.getAll()).catch(() => []);
  return all.sort((one, other) => other.at - one.at)[0] ?? null;
}
