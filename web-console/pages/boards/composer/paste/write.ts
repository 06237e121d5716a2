import type { Paragraph } from '#devices/scene/text';

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

const ALIGNED = { start: 'left', center: 'center', end: 'right' } as const;

/** The paragraphs as the editor holds them; `paragraphsOfHtml` reads them back unchanged. */
export function htmlOf(paragraphs: readonly Paragraph[]): string {
  let html = '';
  let listed = false;
  for (const { runs, align, bullet } of paragraphs) {
    if ((bullet === true) !== listed) {
      html += listed ? '</ul>' : '<ul>';
      listed = !listed;
    }
    const inside = runs
      .map(({ text, bold, colour }) => {
        const letters = bold === true ? `<b>${escaped(text)}</b>` : escaped(text);
        return colour === undefined ? letters : `<span style="color:${colour}">${letters}</span>`;
      })
      .join('');
    const style = align === undefined ? '' : ` style="text-align:${ALIGNED[align]}"`;
    html +=
      bullet === true ? `<li${style}>${inside}</li>` : `<p${style}>${inside === '' ? '<br>' : inside}</p>`;
  }
  return listed ? `${html}</ul>` : html;
}
