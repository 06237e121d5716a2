import { SegmentedControl, Select } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { DeviceDetail, HeartbeatSeries } from '#controller/http/contract/devices';
import { ask } from '../../api/ask.ts';
import { Answered } from '../../parts/answer.tsx';
import { Empty } from '../../parts/empty.tsx';
import { Section } from '../../parts/section.tsx';
import { useNow } from '../../parts/use-now.ts';
import { type Measure, measures } from './measures.ts';

const Chart = lazy(async () => ({ default: (await import('./chart.tsx')).Chart }));

const HOUR = 3_600_000;
const ranges = { '12h': 12 * HOUR, '48h': 48 * HOUR, '30d': 720 * HOUR } as const;
type Range = keyof typeof ranges;

const measured = (series: HeartbeatSeries, measure: Measure) =>
  series[measure].some((value) => value !== null);

/** One measure at a time, so that each has its own scale and its own words. */
export function Heartbeats({ device }: { device: DeviceDetail }) {
  const { t } = useTranslation();
  const now = useNow(60_000);
  const [range, setRange] = useState<Range>('12h');
  const [measure, setMeasure] = useState<Measure>('clockErrorMs');
  const to = Math.ceil(now / 60_000) * 60_000;
  const series = useQuery({
    ...ask('GET /devices/{id}/heartbeats', {
      params: { id: device.id },
      query: { from: to - ranges[range], to },
    }),
    placeholderData: keepPreviousData,
  });
  return (
    <Section
      title={t('device.heartbeats')}
      aside={
        <SegmentedControl
          size="xs"
          aria-label={t('device.range')}
          value={range}
          onChange={(value) => setRange(value as Range)}
          data={(['12h', '48h', '30d'] as const).map((value) => ({
            value,
            label: t(`device.ranges.${value}`),
          }))}
        />
      }
    >
      <div className="pad">
        <Answered of={series} rows={1} height={220}>
          {(data) =>
            data.at.length === 0 ? (
              <Empty text={t('device.noHeartbeats')} />
            ) : (
              <>
                <Select
                  aria-label={t('device.measure')}
                  value={measure}
                  onChange={(value) =>
                    setMeasure(measures.find((known) => known === value) ?? 'clockErrorMs')
                  }
                  data={measures
                    .filter((name) => measured(data, name))
                    .map((value) => ({ value, label: t(`measure.${value}`) }))}
                  allowDeselect={false}
                  maw={280}
                />
                <Suspense fallback={<div style={{ height: 220 }} />}>
                  <Chart series={data} measure={measure} from={to - ranges[range]} to={to} />
                </Suspense>
              </>
            )
          }
        </Answered>
      </div>
    </Section>
  );
}
