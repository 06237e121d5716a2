import { answers } from '../../api/ask.ts';
import type { Asked } from '../../api/client.ts';
import { addressOf } from '../../api/client.ts';
import { problemOf, unreachable } from '../../api/problem.ts';
import { Watched } from '../../live/store.ts';

export interface ImageUpload {
  readonly key: number;
  readonly title: string;
  readonly bytes: number;
  readonly sent: number;
  readonly error: unknown;
  readonly abort: () => void;
}

/** Images on their way. They live outside the page: walking to another page does not stop them. */
export const imageUploads = new Watched<readonly ImageUpload[]>([]);
let keys = 0;

const put = (key: number, change: Partial<ImageUpload>) =>
  imageUploads.set(imageUploads.value.map((one) => (one.key === key ? { ...one, ...change } : one)));
export const forgetImage = (key: number): void =>
  imageUploads.set(imageUploads.value.filter((one) => one.key !== key));

/** `fetch` cannot tell how much has been sent; XMLHttpRequest can. */
export function uploadImage(file: File, query: NonNullable<Asked<'POST /firmware'>['query']>): void {
  const key = ++keys;
  const request = new XMLHttpRequest();
  const title = `${query.model} ${query.version}`;
  imageUploads.set([
    ...imageUploads.value,
    { key, title, bytes: file.size, sent: 0, error: null, abort: () => request.abort() },
  ]);
  request.open('POST', addressOf('POST /firmware', { query }));
  request.setRequestHeader('content-type', 'application/octet-stream');
  request.upload.onprogress = ({ loaded }) => put(key, { sent: loaded });
  request.onload = () => {
    if (request.status >= 200 && request.status < 300) forgetImage(key);
    else put(key, { error: problemOf(request.status, request.responseText) });
    void answers.invalidateQueries({ queryKey: ['GET /firmware'] });
  };
  request.onerror = (event) => put(key, { error: unreachable(event) });
  request.onabort = () => forgetImage(key);
  request.send(file);
}
