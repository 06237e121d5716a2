import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { ask } from '../../../api/ask.ts';
import { useFormat } from '../../../words/format.ts';
import { useWhere } from '../use-where.ts';
import { Switches } from './switches.tsx';

const SHOWN = 10;

/** Relays that are over, with what happened in them. */
export function RelayOver() {
  const { t } = useTranslation();
  const format = useFormat();
  const where = useWhere();
  const { data } = useQuery(ask('GET /relays'));
  const over = data?.filter(({ state }) => state === 'ended').slice(0, SHOWN) ?? [];
  if (over.length === 0) return null;
  return (
    <details className="studio-options">
      <summary>{t('relay.over')}</summary>
      <ul className="relay-sources">
        {over.map((run) => (
          <li key={run.id}>
            <div>
              <span className="relay-name">{run.title}</span>
              <span className="dim num">
                {run.startedAt !== null && format.moment(run.startedAt)}
                {run.endedAt !== null && ` – ${format.time(run.endedAt)}`} · {where(run.targets)}
                {run.end !== null && ` · ${t(`relay.ended.${run.end}`)}`}
              </span>
              <Switches switches={run.switches} />
            </div>
          </li>
        ))}
      </ul>
    </details>
  );
}
