import { IconChevronRight } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Incident } from '#controller/http/contract/incidents';
import { Shape } from '../../parts/mark.tsx';
import { useFormat } from '../../words/format.ts';
import { useWhere } from '../on-air/use-where.ts';
import { IncidentMark } from './incident-mark.tsx';
import { awaitsReview, reachedOf } from './signs.ts';

export function IncidentRow({ incident }: { incident: Incident }) {
  const { t } = useTranslation();
  const format = useFormat();
  const where = useWhere();
  const { id, title, counts, targets, createdAt, activatedAt, source } = incident;
  const reached = reachedOf(incident);
  return (
    <li>
      <Link to="/incidents/$id" params={{ id }} className="incident-row">
        <span className="incident-what">
          <strong>{title}</strong>
          <span className="dim">
            {where(targets)}
            {source !== 'person' && ` · ${t(`incidents.source.${source}`)}`}
          </span>
        </span>
        <span className="incident-how">
          <IncidentMark incident={incident} />
          {activatedAt !== null && (
            <span className="dim num">
              {t('incidents.reached', {
                reached: format.number(reached),
                all: format.number(counts.asked),
                percent: counts.asked === 0 ? '–' : format.number((reached / counts.asked) * 100),
              })}
            </span>
          )}
          {awaitsReview(incident) && (
            <span className="mark" data-tone="warn">
              <Shape shape="triangle" tone="warn" />
              {t('breakGlass.awaits')}
            </span>
          )}
        </span>
        <span className="incident-when num dim">{format.moment(activatedAt ?? createdAt)}</span>
        <IconChevronRight size={18} aria-hidden className="dim" />
      </Link>
    </li>
  );
}
