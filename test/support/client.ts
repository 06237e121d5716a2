import { readFile } from 'node:fs/promises';
import type { Operation, Routes } from '#controller/http/contract/index';
import type { Response as Answer, Problem, Request } from '#controller/http/contract/route';

/** A person at the REST interface, typed by the contract. */
export class Client {
  readonly url: string;
  #cookie = '';

  constructor(url: string) {
    this.url = url;
  }

  get cookie(): string {
    return this.#cookie;
  }

  async signIn(username: string, password: string): Promise<void> {
    const answer = await fetch(`${this.url}/api/auth/sign-in/username`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ username, password }),
    });
    if (!answer.ok) throw new Error(`sign-in was answered with ${answer.status}: ${await answer.text()}`);
    this.#keep(answer);
  }

  /** @throws ProblemError for anything but success. */
  async call<O extends Operation>(operation: O, request?: Request<Routes[O]>): Promise<Answer<Routes[O]>> {
    const answer = await this.raw(operation, request);
    return (await answer.json()) as Answer<Routes[O]>;
  }

  /** The same, for answers that are not JSON. */
  async raw<O extends Operation>(operation: O, request?: Request<Routes[O]>): Promise<globalThis.Response> {
    const [method, template] = operation.split(' ') as [string, string];
    const { params, query, body } = (request ?? {}) as {
      params?: Record<string, string>;
      query?: Record<string, unknown>;
      body?: unknown;
    };
    const path = template.replaceAll(/\{(\w+)\}/g, (_match, name: string) =>
      encodeURIComponent(params?.[name] ?? ''),
    );
    const search = new URLSearchParams(
      Object.entries(query ?? {})
        .filter(([, value]) => value !== undefined)
        .map(([name, value]) => [name, String(value)]),
    );
    const answer = await fetch(`${this.url}/api/v1${path}?${search}`, {
      method,
      headers: { cookie: this.#cookie, ...(body !== undefined && { 'content-type': 'application/json' }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    this.#keep(answer);
    if (!answer.ok) throw new ProblemError((await answer.json()) as Problem);
    return answer;
  }

  /** Uploads a file as the console does. */
  async upload(file: string, filename: string): Promise<Answer<Routes['POST /assets']>> {
    const answer = await fetch(`${this.url}/api/v1/assets?${new URLSearchParams({ filename })}`, {
      method: 'POST',
      headers: { cookie: this.#cookie, 'content-type': 'application/octet-stream' },
      body: await readFile(file),
    });
    if (!answer.ok) throw new ProblemError((await answer.json()) as Problem);
    return (await answer.json()) as Answer<Routes['POST /assets']>;
  }

  #keep(answer: globalThis.Response): void {
    const cookies = answer.headers.getSetCookie().map((cookie) => cookie.split(';', 1)[0]);
    if (cookies.length > 0) this.#cookie = cookies.join('; ');
  }
}

export class ProblemError extends Error {
  readonly problem: Problem;
  constructor(problem: Problem) {
    super(`${problem.status} ${problem.code}: ${problem.detail}`);
    this.problem = problem;
  }
}
