import { Button, Loader } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { keepPreviousData, type UseQueryResult, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Overlap } from '#controller/http/contract/schedules';
import { ask } from '../../api/ask.ts';
import { type Answer, api } from '../../api/client.ts';
import { Problem } from '../../parts/problem.tsx';
import { Section } from '../../parts/section.tsx';
import { useLater } from '../../parts/use-later.ts';
import { useFormat } from '../../words/format.ts';
import { bodyOf, type Draft, type Lack, lacks, moved } from './draft.ts';
import { Guarded } from './guarded.tsx';

type Foretold = Answer<'POST /schedules/preview'>;
const SHOWN = 5;
/** What stands on a board for hours is not moved out of the way, minutes. */
const LONGEST_MOVE = 120;

/** What the controller foretells of the draft, once it has kept still for a moment. */
export function usePreview(draft: Draft, id: string | undefined): UseQueryResult<Foretold> {
  // A name that is still missing changes nothing of what would be heard.
  const named = draft.title.trim() === '' ? { ...draft, title: '–' } : draft;
  const whole = lacks(named).length === 0;
  const asked = useLater(
    whole ? JSON.stringify({ ...bodyOf(named), ...(id === undefined ? {} : { id }) }) : null,
    350,
  );
  return useQuery({
    queryKey: ['POST /schedules/preview', asked],
    queryFn: () =>
      api('POST /schedules/preview', {
        body: JSON.parse(asked ?? '{}') as Parameters<typeof api<'POST /schedules/preview'>>[1]['body'],
      }),
    enabled: asked !== null,
    placeholderData: keepPreviousData,
    staleTime: 5_000,
    retry: false,
  });
}

export function Preview({
  draft,
  preview,
  missing,
  own,
  put,
}: {
  draft: Draft;
  preview: UseQueryResult<Foretold>;
  missing: readonly Lack[];
  own: string | null;
  put: (change: Partial<Draft>) => void;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const { data } = preview;
  return (
    <Section
      title={t('preview.title')}
      aside={preview.isFetching ? <Loader size="xs" aria-label={t('state.loading')} /> : null}
    >
      <div className="pad" aria-live="polite">
        {missing.some((name) => name !== 'title') && data === undefined ? (
          <p className="hint">{t('preview.incomplete')}</p>
        ) : preview.isError ? (
          <Problem error={preview.error} retry={() => void preview.refetch()} />
        ) : data === undefined ? (
          <p className="hint">{t('state.loading')}</p>
        ) : (
          <>
            {data.guards.map((finding) => (
              <Guarded
                key={`${finding.reason} ${finding.refused} ${finding.time}`}
                finding={finding}
                draft={draft}
                put={put}
              />
            ))}
            {data.overlaps.map((overlap) => (
              <Overlapping
                key={`${overlap.first.startAt} ${overlap.second.startAt} ${overlap.first.title} ${overlap.second.title}`}
                overlap={overlap}
                own={own}
                draft={draft}
                put={put}
              />
            ))}
            <p className="preview-fact">
              {data.durationMs === null
                ? t('preview.noDuration')
                : t('preview.each', { span: format.span(data.durationMs) })}{' '}
              {t('preview.onDevices', { count: data.devices })}
            </p>
            {data.next.length === 0 ? (
              <p className="refusal">{t('preview.never')}</p>
            ) : (
              <ol className="preview-next num">
                {data.next.slice(0, SHOWN).map((at) => (
                  <li key={at}>
                    <strong>{format.time(at)}</strong> <span>{format.fullDay(at)}</span>
                  </li>
                ))}
              </ol>
            )}
          </>
        )}
      </div>
    </Section>
  );
}

/** Where it collides, in a sentence, with the smallest move that ends it. */
function Overlapping({
  overlap,
  own,
  draft,
  put,
}: {
  overlap: Overlap;
  own: string | null;
  draft: Draft;
  put: (change: Partial<Draft>) => void;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const { first, second } = overlap;
  const boards = useQuery(ask('GET /boards'));
  const isBoard = new Set(boards.data?.map(({ id }) => id));
  const onBoards = overlap.devices.length > 0 && overlap.devices.every(({ id }) => isBoard.has(id));
  const mine = (scheduleId: string | null) => scheduleId === null || scheduleId === own;
  // How long the first has still to go, which is also the move that ends it; the two may share less than that.
  const left = first.endAt - second.startAt;
  const minutes = Math.ceil(left / 60_000);
  const shift =
    mine(second.scheduleId) && !mine(first.scheduleId)
      ? minutes
      : mine(first.scheduleId) && !mine(second.scheduleId)
        ? -minutes
        : 0;
  const names = overlap.devices.map(({ name }) => name);
  const where =
    overlap.deviceCount === 1 || names.length === 1
      ? (names[0] ?? '')
      : t('overlap.many', { name: names[0] ?? '', count: overlap.deviceCount - 1 });
  return (
    <div className="overlap">
      <IconAlertTriangle size={20} aria-hidden />
      <div>
        <p>
          {t('overlap.sentence', {
            day: format.fullDay(second.startAt),
            time: format.time(second.startAt),
            first: first.title,
            second: second.title,
            span: format.span(left),
            where,
          })}
        </p>
        <p className="dim">
          {t(`overlap.${overlap.outcome}`, { first: first.title, second: second.title })}
          {overlap.times > 1 && ` ${t('overlap.times', { count: overlap.times })}`}
        </p>
        {onBoards && (
          <p>
            {t('overlap.merge')}{' '}
            <Link to="/library" search={{ tab: 'playlists' }}>
              {t('overlap.toPlaylists')}
            </Link>
          </p>
        )}
        {shift !== 0 && draft.kind !== 'cron' && !(onBoards && Math.abs(shift) > LONGEST_MOVE) && (
          <Button variant="default" onClick={() => put({ times: moved(draft.times, shift) })}>
            {t(shift > 0 ? 'overlap.later' : 'overlap.earlier', { count: Math.abs(shift) })}
          </Button>
        )}
      </div>
    </div>
  );
}
