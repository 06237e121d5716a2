import type { Asset } from '#controller/http/contract/library';
import { answers } from '../../api/ask.ts';
import { addressOf } from '../../api/client.ts';
import { problemOf, unreachable } from '../../api/problem.ts';
import { Watched } from '../../live/store.ts';

export interface Upload {
  key: number;
  filename: string;
  bytes: number;
  sent: number;
  error: unknown;
  abort: () => void;
}

/** Uploads on their way. They live outside the page: walking to another page does not stop them. */
export const uploads = new Watched<readonly Upload[]>([]);
let keys = 0;

const put = (key: number, change: Partial<Upload>) =>
  uploads.set(uploads.value.map((upload) => (upload.key === key ? { ...upload, ...change } : upload)));
export const forget = (key: number): void =>
  uploads.set(uploads.value.filter((upload) => upload.key !== key));

const titleOf = (filename: string): string =>
  filename
    .replace(/\.[^.]+$/, '')
    .replace(/[_]+/g, ' ')
    .trim()
    .slice(0, 200);

/** `fetch` cannot tell how much has been sent; XMLHttpRequest can. */
export function upload(file: File): void {
  const key = ++keys;
  const request = new XMLHttpRequest();
  uploads.set([
    ...uploads.value,
    { key, filename: file.name, bytes: file.size, sent: 0, error: null, abort: () => request.abort() },
  ]);
  const title = titleOf(file.name);
  request.open(
    'POST',
    addressOf('POST /assets', {
      query: { filename: file.name.slice(-255), ...(title === '' ? {} : { title }) },
    }),
  );
  request.setRequestHeader('content-type', 'application/octet-stream');
  request.upload.onprogress = ({ loaded }) => put(key, { sent: loaded });
  request.onload = () => {
    if (request.status >= 200 && request.status < 300) {
      const asset = JSON.parse(request.responseText) as Asset;
      answers.setQueryData<Asset[]>(['GET /assets', {}], (before) =>
        before === undefined || before.some(({ id }) => id === asset.id) ? before : [asset, ...before],
      );
      forget(key);
    } else put(key, { error: problemOf(request.status, request.responseText) });
    void answers.invalidateQueries({ queryKey: ['GET /assets'] });
  };
  request.onerror = (event) => put(key, { error: unreachable(event) });
  request.onabort = () => {
    forget(key);
    void answers.invalidateQueries({ queryKey: ['GET /assets'] });
  };
  request.send(file);
}
