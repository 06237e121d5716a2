import { useTranslation } from 'react-i18next';
import type { BoardView } from '#controller/http/contract/boards';
import { Shape } from '../../parts/mark.tsx';
import { useFormat } from '../../words/format.ts';
import { STEPS, type Step, stepSign } from './signs.ts';

/**
 * Asked, acknowledged, rendered, seen: four facts from four places, each with the moment since which it holds.
 * @param large as the ladder of the board's own page.
 */
export function FourStates({ board, large = false }: { board: BoardView; large?: boolean }) {
  const { t } = useTranslation();
  const tell = useTelling(board);
  return (
    <ol className={large ? 'ladder' : 'four-states'} aria-label={t('boards.steps')}>
      {STEPS.map((step) => {
        const { shape, tone } = stepSign(board, step);
        const { text, note } = tell(step);
        return (
          <li key={step} className={large ? 'step' : 'four-state'} data-step={step} data-tone={tone}>
            <span className={large ? 'step-title' : 'four-state-name'}>
              <Shape shape={shape} tone={tone} size={large ? 16 : 14} />
              {t(`boards.step.${step}`)}
            </span>
            <span className="step-text">
              <span>{text}</span>
              {note !== null && <small className="num">{note}</small>}
            </span>
          </li>
        );
      })}
    </ol>
  );
}

/** A sentence for each step, and since when. */
function useTelling(board: BoardView): (step: Step) => { text: string; note: string | null } {
  const { t } = useTranslation();
  const format = useFormat();
  const { desired, acknowledged, rendered, seen, frozenSince } = board;
  const since = (at: number | null): string | null =>
    at === null ? null : t('boards.since', { when: format.moment(at) });
  return (step) => {
    const { says } = stepSign(board, step);
    switch (step) {
      case 'asked': {
        if (desired === null) return { text: t('boards.asked.nothing'), note: null };
        const until = desired.until === null ? '' : t('boards.until', { when: format.moment(desired.until) });
        return { text: desired.title, note: [since(desired.since) ?? '', until].filter(Boolean).join(' · ') };
      }
      case 'acknowledged':
        return {
          text: t(says === 'holds' ? 'boards.acknowledged.holds' : 'boards.acknowledged.behind'),
          note: acknowledged.is ? since(acknowledged.at) : null,
        };
      case 'rendered': {
        if (rendered === null) return { text: t('boards.rendered.never'), note: null };
        const { page, of } = rendered;
        const pages =
          page === null || of === null || of < 2 ? '' : t('boards.pageOf', { page: page + 1, of });
        const when = t('boards.told', { when: format.moment(rendered.at) });
        const text =
          says === 'frozen'
            ? t('boards.rendered.frozen', { when: format.moment(frozenSince ?? rendered.at) })
            : t(`boards.rendered.${says}` as 'boards.rendered.same');
        return { text, note: [pages, when].filter(Boolean).join(' · ') };
      }
      case 'seen': {
        if (seen === null) return { text: t('boards.seenSays.never'), note: null };
        return {
          text: t(`boards.seenSays.${says}` as 'boards.seenSays.same'),
          note: t('boards.picture', { when: format.moment(seen.at) }),
        };
      }
    }
  };
}
