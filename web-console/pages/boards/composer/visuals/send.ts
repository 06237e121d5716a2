import type { Routes } from '#controller/http/contract/index';
import type { Request } from '#controller/http/contract/route';
import { type Answer, BASE } from '../../../../api/client.ts';
import { problemOf, unreachable } from '../../../../api/problem.ts';

type Taking = 'POST /visuals' | 'POST /documents/text';

/**
 * Sends a file as the raw body. `fetch` cannot tell how much has been sent; XMLHttpRequest can.
 * @throws ProblemError as `api` does.
 */
export function sendFile<O extends Taking>(
  operation: O,
  query: Request<Routes[O]>['query'],
  file: File,
  options: { sent?: (bytes: number) => void; signal?: AbortSignal } = {},
): Promise<Answer<O>> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const address = `${BASE}${operation.slice('POST '.length)}?${new URLSearchParams({ ...query } as Record<string, string>)}`;
    request.open('POST', address);
    request.setRequestHeader('content-type', 'application/octet-stream');
    request.upload.onprogress = ({ loaded }) => options.sent?.(loaded);
    request.onload = () => {
      if (request.status >= 200 && request.status < 300)
        resolve(JSON.parse(request.responseText) as Answer<O>);
      else reject(problemOf(request.status, request.responseText));
    };
    request.onerror = (event) => reject(unreachable(event));
    request.onabort = () => reject(new DOMException('The upload was called off', 'AbortError'));
    options.signal?.addEventListener('abort', () => request.abort());
    request.send(file);
  });
}
