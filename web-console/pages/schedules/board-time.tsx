import { NumberInput, SegmentedControl } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { ask } from '../../api/ask.ts';
import { useFormat } from '../../words/format.ts';
import { type Draft, untilMidnight } from './draft.ts';

const WAYS = ['once', 'minutes', 'day'] as const;
const HOUR = 60;
/** Above it a length is set in hours. */
const IN_HOURS_FROM = 180;

/** How long boards go on showing it; only where there is something in it for boards. */
export function BoardTime({ draft, put }: { draft: Draft; put: (change: Partial<Draft>) => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const label = useId();
  const boardContent = useBoardContent();
  if (boardContent(draft.content) === 'none') return null;
  const rest = untilMidnight(draft);
  const ways = WAYS.filter((way) => way !== 'day' || rest !== null);
  const way = draft.boardWay === 'day' && rest === null ? 'minutes' : draft.boardWay;
  const long = draft.boardMinutes >= IN_HOURS_FROM && draft.boardMinutes % HOUR === 0;
  const unit = long ? HOUR : 1;
  return (
    <div className="board-time">
      <span id={label} className="board-time-label">
        {t('schedules.boardTime')}
      </span>
      <SegmentedControl
        fullWidth
        aria-labelledby={label}
        value={way}
        onChange={(value) => put({ boardWay: WAYS.find((one) => one === value) ?? 'once' })}
        data={ways.map((value) => ({ value, label: t(`schedules.boardWay.${value}`) }))}
      />
      {way === 'minutes' && (
        <NumberInput
          label={t('schedules.boardMinutes')}
          value={draft.boardMinutes / unit}
          onChange={(value) =>
            typeof value === 'number' && value > 0 && put({ boardMinutes: Math.round(value * unit) })
          }
          min={1}
          max={10_080 / unit}
          allowDecimal={false}
          suffix={t(long ? 'schedules.hoursUnit' : 'schedules.minutesUnit')}
        />
      )}
      <p className="hint">
        {way === 'once'
          ? t('schedules.boardOnceMeans')
          : t('schedules.boardRoundMeans', {
              span: format.span((way === 'day' ? (rest ?? 0) : draft.boardMinutes) * 60_000),
            })}
      </p>
    </div>
  );
}

/** What a content has for boards: nothing, something beside its sound, or nothing but that. */
export function useBoardContent(): (content: string | null) => 'none' | 'also' | 'only' {
  const programmes = useQuery(ask('GET /programmes'));
  const playlists = useQuery(ask('GET /playlists'));
  return (content) => {
    if (content === null) return 'none';
    const id = content.slice(content.indexOf(':') + 1);
    const items = content.startsWith('playlist:')
      ? (playlists.data
          ?.find((playlist) => playlist.id === id)
          ?.items.map(({ programmeId }) => programmeId) ?? [])
      : content.startsWith('programme:')
        ? [id]
        : [];
    const named = programmes.data?.filter((programme) => items.includes(programme.id)) ?? [];
    if (!named.some(({ board, notice }) => board !== null || notice !== null)) return 'none';
    return named.every(({ asset }) => asset === null) ? 'only' : 'also';
  };
}
