import SIGNS from './signs.json';

/** What stands on the screen as long as it is not a board: in Vietnamese, and for the technician in English. */
export type SignName = keyof typeof SIGNS;

/** A text on the screen while there is nothing to show; gone when there is. */
export class Sign {
  readonly #root: HTMLElement;
  #shown = '';

  constructor(root: HTMLElement) {
    this.#root = root;
    this.#root.setAttribute('role', 'status');
  }

  /** @param code shown large. @param detail in small letters, for a technician. */
  show(name: SignName, { code, detail }: { code?: string; detail?: string } = {}): void {
    const key = `${name} ${code ?? ''} ${detail ?? ''}`;
    if (key === this.#shown) return;
    this.#shown = key;
    const { vi, en, more } = SIGNS[name];
    this.#root.replaceChildren(
      line('h1', 'vi', vi),
      line('p', 'en', en),
      ...(code === undefined ? [] : [line('p', 'vi', `${code.slice(0, 4)} ${code.slice(4)}`, 'code')]),
      ...(more === null ? [] : [line('p', 'vi', more.vi), line('p', 'en', more.en)]),
      ...(detail === undefined ? [] : [line('p', 'en', detail, 'detail')]),
    );
    this.#root.hidden = false;
  }

  hide(): void {
    this.#shown = '';
    this.#root.hidden = true;
  }
}

function line(tag: string, lang: string, text: string, name?: string): HTMLElement {
  const element = document.createElement(tag);
  element.lang = lang;
  element.textContent = text;
  if (name !== undefined) element.className = name;
  return element;
}
