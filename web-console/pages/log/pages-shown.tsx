import { useTranslation } from 'react-i18next';
import type { PageShown } from '#devices/as-run';
import { useFormat } from '../../words/format.ts';

/** Which pages of a scene stood on the board, how often and how long, by the board's own account. */
export function PagesShown({ pages, rounds }: { pages: readonly PageShown[]; rounds: number | undefined }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <section className="pages-shown">
      <h4>
        {t('record.pages', { count: pages.length })}
        {rounds !== undefined && ` · ${t('record.rounds', { count: rounds })}`}
      </h4>
      <ol>
        {pages.map((page) => (
          <li key={`${page.index} ${page.pixelsSha256}`} className="num">
            <strong>{t('boards.pageOf', { page: page.index + 1, of: page.of })}</strong>
            <span>
              {t('record.pageTimes', { count: page.times, span: format.span(page.shownMs) })}
              {page.moving === true && ` · ${t('record.moving')}`}
              <small className="dim">
                {page.times === 1
                  ? format.second(page.firstAt)
                  : t('record.pageBetween', {
                      first: format.second(page.firstAt),
                      last: format.second(page.lastAt),
                    })}
              </small>
            </span>
            <span className="mono" title={page.pixelsSha256}>
              {page.pixelsSha256.slice(0, 8)}
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}
