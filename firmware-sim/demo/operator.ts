import type { z } from 'zod';

/** Speaks to the controller as a person's browser does: over its REST interface, with a session. */
export class Operator {
  readonly #url: string;
  #cookie = '';

  constructor(url: string) {
    this.#url = url;
  }

  async signIn(username: string, password: string): Promise<void> {
    const answer = await fetch(`${this.#url}/api/auth/sign-in/username`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ username, password }),
    });
    if (!answer.ok) {
      throw new Error(
        `The account ${username} cannot sign in (${answer.status}); if its password was changed, remove the demo's data directory.`,
      );
    }
    this.#keepCookies(answer);
  }

  get<T>(path: string, schema: z.ZodType<T>): Promise<T> {
    return this.#call('GET', path, schema);
  }

  post<T>(path: string, body: unknown, schema: z.ZodType<T>): Promise<T> {
    return this.#call('POST', path, schema, body);
  }

  put<T>(path: string, body: unknown, schema: z.ZodType<T>): Promise<T> {
    return this.#call('PUT', path, schema, body);
  }

  async #call<T>(method: string, path: string, schema: z.ZodType<T>, body?: unknown): Promise<T> {
    const answer = await fetch(`${this.#url}/api/v1${path}`, {
      method,
      headers: { 'content-type': 'application/json', cookie: this.#cookie },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    if (!answer.ok)
      throw new Error(`${method} ${path} was answered with ${answer.status}: ${await answer.text()}`);
    this.#keepCookies(answer);
    return schema.parse(await answer.json());
  }

  #keepCookies(answer: Response): void {
    const cookies = answer.headers.getSetCookie().map((cookie) => cookie.split(';', 1)[0]);
    if (cookies.length > 0) this.#cookie = cookies.join('; ');
  }
}
