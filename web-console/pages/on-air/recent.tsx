import { useTranslation } from 'react-i18next';
import type { BroadcastSummary } from '#controller/http/contract/broadcasts';
import { Shape } from '../../parts/mark.tsx';
import { useFormat } from '../../words/format.ts';
import { useReason } from '../../words/use-reason.ts';
import { broadcastSigns, steps, totalOf } from './states.ts';
import { useWhere } from './use-where.ts';

/** Broadcasts that are over, newest first; each opens to its devices. */
export function Recent({
  broadcasts,
  open,
}: {
  broadcasts: readonly BroadcastSummary[];
  open: (id: string) => void;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const where = useWhere();
  const reason = useReason();
  return (
    <ul className="recent">
      {broadcasts.map((broadcast) => {
        const heard = steps(broadcast).done;
        const all = totalOf(broadcast);
        return (
          <li key={broadcast.id}>
            <button type="button" className="recent-row" onClick={() => open(broadcast.id)}>
              <span className="recent-what">
                <span>{broadcast.title}</span>
                <span className="dim">
                  {where(broadcast.targets)} · {t(`priority.${broadcast.priority}`)}
                </span>
              </span>
              <span className="recent-end">
                <span className="mark" data-tone={broadcastSigns[broadcast.state].tone}>
                  <Shape {...broadcastSigns[broadcast.state]} />
                  {t(`broadcastState.${broadcast.state}`)}
                </span>
                <span className="dim num">
                  {broadcast.reason === null
                    ? t('onAir.heardOn', { heard: format.number(heard), all: format.number(all) })
                    : reason(broadcast.reason)}
                </span>
              </span>
              <span className="recent-when num dim">
                {format.moment(broadcast.t0 ?? broadcast.createdAt)}
              </span>
            </button>
          </li>
        );
      })}
    </ul>
  );
}
