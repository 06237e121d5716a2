import { Button, Switch } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Schedule } from '#controller/http/contract/schedules';
import { ask } from '../../api/ask.ts';
import { api } from '../../api/client.ts';
import { useMay } from '../../api/session.ts';
import { Answered } from '../../parts/answer.tsx';
import { Empty } from '../../parts/empty.tsx';
import { useSay } from '../../parts/undo.tsx';
import { useFormat } from '../../words/format.ts';
import { useTimetableWords } from './words.ts';

export function ScheduleList() {
  const { t } = useTranslation();
  const schedules = useQuery(ask('GET /schedules'));
  return (
    <Answered of={schedules} rows={5} height={84}>
      {(data) =>
        data.length === 0 ? (
          <Empty text={t('schedules.none')}>
            <Button
              leftSection={<IconPlus size={18} />}
              renderRoot={(props) => <Link to="/schedules/$id" params={{ id: 'new' }} {...props} />}
            >
              {t('schedules.add')}
            </Button>
          </Empty>
        ) : (
          <ul className="schedule-list" aria-label={t('nav.schedules')}>
            {data.map((schedule) => (
              <Row key={schedule.id} schedule={schedule} />
            ))}
          </ul>
        )
      }
    </Answered>
  );
}

function Row({ schedule }: { schedule: Schedule }) {
  const { t } = useTranslation();
  const format = useFormat();
  const words = useTimetableWords();
  const client = useQueryClient();
  const say = useSay();
  const may = useMay('operator');
  const toggle = useMutation({
    // What overlaps was accepted when it was saved; switching it on again is not a new decision.
    mutationFn: (enabled: boolean) =>
      api('PATCH /schedules/{id}', { params: { id: schedule.id }, body: { enabled, acceptOverlaps: true } }),
    onSettled: () => client.invalidateQueries({ queryKey: ['GET /schedules'] }),
    onError: say.failed,
  });
  const next = schedule.next[0];
  return (
    <li className="schedule-row" data-off={!schedule.enabled}>
      <Link to="/schedules/$id" params={{ id: schedule.id }} className="schedule-link">
        <span className="card-title">{schedule.title}</span>
        <span>{words(schedule.timetable)}</span>
        <span className="dim num">
          {schedule.durationMs === null ? t('programmes.notReady') : format.span(schedule.durationMs)} ·{' '}
          {schedule.boardMinutes !== null &&
            `${t('schedules.onBoards', { span: format.span(schedule.boardMinutes * 60_000) })} · `}
          {schedule.targets.map(({ kind, name }) => (kind === 'all' ? t('schedules.all') : name)).join(', ')}{' '}
          · {t('count.devices', { count: schedule.devices })}
          {schedule.priority !== 'scheduled' && ` · ${t(`priority.${schedule.priority}`)}`}
        </span>
      </Link>
      <span className="schedule-next num">
        {schedule.enabled ? (
          next === undefined ? (
            <span className="dim">{t('schedules.over')}</span>
          ) : (
            <>
              <strong>{format.time(next)}</strong>
              <span className="dim">{format.day(next)}</span>
            </>
          )
        ) : (
          <span className="dim">{t('schedules.off')}</span>
        )}
      </span>
      <Switch
        size="md"
        aria-label={t('schedules.enable', { name: schedule.title })}
        checked={schedule.enabled}
        disabled={!may || toggle.isPending}
        onChange={(event) => toggle.mutate(event.currentTarget.checked)}
      />
    </li>
  );
}
