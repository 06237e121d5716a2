import { useComputedColorScheme } from '@mantine/core';
import { useEffect, useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import type { HeartbeatSeries } from '#controller/http/contract/devices';
import { useFormat } from '../../words/format.ts';
import type { Measure } from './measures.ts';

const HEIGHT = 220;

/** Where beats stayed away the line breaks: silence is not a straight line between two beats. */
function broken(series: HeartbeatSeries, measure: Measure): [number[], (number | null)[]] {
  const longest = series.resolution === 'beat' ? 100_000 : 20 * 60_000;
  const times: number[] = [];
  const values: (number | null)[] = [];
  series.at.forEach((at, index) => {
    const before = series.at[index - 1];
    if (before !== undefined && at - before > longest) {
      times.push(before / 1000 + 1);
      values.push(null);
    }
    times.push(at / 1000);
    values.push(series[measure][index] ?? null);
  });
  return [times, values];
}

export function Chart({
  series,
  measure,
  from,
  to,
}: {
  series: HeartbeatSeries;
  measure: Measure;
  from: number;
  to: number;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const scheme = useComputedColorScheme();
  const box = useRef<HTMLDivElement>(null);
  const data = useMemo(() => broken(series, measure), [series, measure]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the colours are read anew when the scheme changes
  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    const style = getComputedStyle(element);
    const colour = (name: string) => style.getPropertyValue(name).trim();
    const axis = {
      stroke: colour('--quiet'),
      grid: { stroke: colour('--line'), width: 1 },
      ticks: { show: false },
      font: '12px "Be Vietnam Pro"',
    };
    const long = to - from > 3 * 86_400_000;
    const plot = new uPlot(
      {
        width: element.clientWidth,
        height: HEIGHT,
        scales: { x: { time: true, range: [from / 1000, to / 1000] } },
        tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), format.place.zone),
        axes: [
          {
            ...axis,
            values: (_, ticks) =>
              ticks.map((tick) => (long ? format.date(tick * 1000).slice(0, 5) : format.time(tick * 1000))),
          },
          { ...axis, size: 56, values: (_, ticks) => ticks.map((tick) => format.number(tick, 2)) },
        ],
        series: [
          {
            label: t('measure.time'),
            value: (_, at) => (at === null ? '' : `${format.second(at * 1000)} ${format.date(at * 1000)}`),
          },
          {
            label: t(`measure.${measure}`),
            stroke: colour('--accent'),
            width: 1.5,
            points: { show: series.at.length < 60 },
            value: (_, value) => (value === null ? '' : format.number(value, 2)),
          },
        ],
      },
      data,
      element,
    );
    const watcher = new ResizeObserver(() => plot.setSize({ width: element.clientWidth, height: HEIGHT }));
    watcher.observe(element);
    return () => {
      watcher.disconnect();
      plot.destroy();
    };
  }, [data, measure, from, to, scheme, format, t, series.at.length]);

  const values = data[1].filter((value) => value !== null);
  const summary = t('device.chart', {
    measure: t(`measure.${measure}`),
    least: format.number(Math.min(...values), 2),
    most: format.number(Math.max(...values), 2),
    last: format.number(values.at(-1) ?? 0, 2),
  });
  return <div ref={box} className="chart" role="img" aria-label={summary} />;
}
