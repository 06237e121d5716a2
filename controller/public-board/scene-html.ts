import type { Scene } from '#devices/scene';
import type { SceneItem } from '#devices/scene/item';
import type { Paragraph } from '#devices/scene/text';
import { type Html, html } from './html.ts';
import type { PageWords } from './words.ts';

/**
 * What stands on a board, as text that is read: pages that are valid now, each item as what it is.
 * @param title stands above already, and is not said twice.
 */
export function sceneHtml({ pages }: Scene, now: number, words: PageWords, title: string): Html {
  const valid = pages.filter(({ from = now, until = now + 1 }) => from <= now && now < until);
  return html`${valid.flatMap(({ zones }) => zones.map(({ item }) => itemHtml(item, words, title)))}`;
}

function itemHtml(item: SceneItem, words: PageWords, title: string): Html | null {
  switch (item.type) {
    case 'notice':
      return html`${heading(item.heading, title)}${lines(item.text)}`;
    case 'emergency':
      return html`${heading(item.heading, title)}${lines(item.text)}`;
    case 'text':
      return paragraphs(item.paragraphs);
    case 'table':
      return tableHtml(item.heading, item.rows, item.head === true);
    case 'image':
      return html`<p><span class="kind">${words.imageOf}:</span> ${item.alt}</p>`;
    case 'video':
      return html`<p><span class="kind">${words.filmOf}:</span> ${item.alt}</p>`;
    case 'images':
      return html`${item.pictures.map(({ alt }) => html`<p><span class="kind">${words.imageOf}:</span> ${alt}</p>`)}`;
    case 'ticker':
      return html`<p>${item.text}</p>`;
    case 'tile':
      return html`<p>${item.label}: <strong>${item.value}${item.unit === undefined ? '' : ` ${item.unit}`}</strong></p>`;
    case 'clock':
      return null;
  }
}

const heading = (text: string | undefined, title: string): Html | null =>
  text === undefined || ['', title.trim()].includes(text.trim())
    ? null
    : html`<p class="heading"><strong>${text}</strong></p>`;

const lines = (text: string): Html =>
  html`${text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => html`<p>${line}</p>`)}`;

/** Points that follow one another are one list. */
function paragraphs(all: readonly Paragraph[]): Html {
  const groups: { bullet: boolean; items: Paragraph[] }[] = [];
  for (const paragraph of all) {
    const bullet = paragraph.bullet === true;
    const last = groups.at(-1);
    if (last !== undefined && last.bullet === bullet) last.items.push(paragraph);
    else groups.push({ bullet, items: [paragraph] });
  }
  return html`${groups.map(({ bullet, items }) =>
    bullet
      ? html`<ul>${items.map((item) => html`<li>${runs(item)}</li>`)}</ul>`
      : html`${items.map((item) => html`<p>${runs(item)}</p>`)}`,
  )}`;
}

const runs = (paragraph: Paragraph): Html =>
  html`${paragraph.runs.map(({ text, bold }) => (bold === true ? html`<strong>${text}</strong>` : text))}`;

function tableHtml(title: string | undefined, rows: readonly (readonly string[])[], head: boolean): Html {
  const [first, ...others] = rows;
  const row = (cells: readonly string[]): Html =>
    html`<tr>${cells.map((cell) => html`<td>${cell}</td>`)}</tr>`;
  const names =
    head && first !== undefined
      ? html`<thead><tr>${first.map((cell) => html`<th scope="col">${cell}</th>`)}</tr></thead>`
      : null;
  return html`<div class="scroll" tabindex="0" role="group"${title === undefined ? null : html` aria-label="${title}"`}><table>${
    title === undefined ? null : html`<caption>${title}</caption>`
  }${names}<tbody>${(head ? others : rows).map(row)}</tbody></table></div>`;
}
