import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { AllowedHours, GuardsPolicy } from '#controller/http/contract/policies';
import { ask } from '../../api/ask.ts';
import { AreaSelect } from '../devices/selects.tsx';
import { HoursBands } from './hours-bands.tsx';

type Own = GuardsPolicy['areas'];

/** Areas that have hours of their own; the nearest one above a device counts. */
export function AreaHours({
  areas,
  usual,
  change,
  disabled,
}: {
  areas: Own;
  /** What a new one begins with. */
  usual: readonly AllowedHours[];
  change: (areas: Own) => void;
  disabled: boolean;
}) {
  const { t } = useTranslation();
  const names = useQuery(ask('GET /areas')).data ?? [];
  const put = (place: number, next: Partial<Own[number]>) =>
    change(areas.map((area, index) => (index === place ? { ...area, ...next } : area)));
  const nameOf = (id: string) => names.find((area) => area.id === id)?.name ?? t('guards.area');
  return (
    <div className="policy-block">
      <h3>{t('guards.areas')}</h3>
      <p className="hint">{t('guards.areasHint')}</p>
      {areas.map(({ areaId, allowed }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the area is being chosen
        <div key={index} className="policy-item">
          <div className="policy-item-head">
            <AreaSelect
              label={t('guards.area')}
              value={areaId === '' ? null : areaId}
              onChange={(area) => put(index, { areaId: area ?? '' })}
            />
            <Button
              variant="subtle"
              color="gray"
              disabled={disabled}
              onClick={() => change(areas.filter((_, place) => place !== index))}
              aria-label={t('guards.takeArea', { name: nameOf(areaId) })}
            >
              {t('action.delete')}
            </Button>
          </div>
          <HoursBands
            label={t('guards.allowedIn', { name: nameOf(areaId) })}
            bands={allowed}
            change={(bands) => put(index, { allowed: bands })}
            disabled={disabled}
          />
        </div>
      ))}
      <div>
        <Button
          variant="default"
          leftSection={<IconPlus size={16} />}
          disabled={disabled || names.length === 0}
          onClick={() => change([...areas, { areaId: '', allowed: [...usual] }])}
        >
          {t('guards.addArea')}
        </Button>
      </div>
    </div>
  );
}
