import { useTranslation } from 'react-i18next';
import type { Incident } from '#controller/http/contract/incidents';
import { Shape } from '../../parts/mark.tsx';
import { incidentSigns } from './signs.ts';

export function IncidentMark({
  incident: { state, drill },
}: {
  incident: Pick<Incident, 'state' | 'drill'>;
}) {
  const { t } = useTranslation();
  const { shape, tone } = incidentSigns[state];
  return (
    <span className="mark" data-tone={tone}>
      <Shape shape={shape} tone={tone} />
      {t(`incidentState.${state}`)}
      {drill !== null && <span className="drill-badge">{t(`drill.kind.${drill}`)}</span>}
    </span>
  );
}
