import { Button, Modal, Radio } from '@mantine/core';
import { TimePicker } from '@mantine/dates';
import '@mantine/dates/styles.css';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Bulletin } from '#controller/http/contract/bulletins';
import { ask } from '../../api/ask.ts';
import { api } from '../../api/client.ts';
import { DateField } from '../../parts/date-field.tsx';
import { useProblemText } from '../../parts/problem.tsx';
import { useFormat } from '../../words/format.ts';
import { targetOf } from '../on-air/reach.ts';
import { TargetsField } from '../schedules/targets-field.tsx';

const CHOICES = ['theirs', 'ours', 'both'] as const;
const QUARTER = 15 * 60_000;

/** When and where a bulletin goes out; and whose turn it is where it meets an own priority item. */
export function ScheduleBulletin({ bulletin: given, close }: { bulletin: Bulletin; close: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const client = useQueryClient();
  const textOf = useProblemText();
  const { place } = format;
  const { id } = given;
  // A collision is found when it is to be scheduled: the newest word on it counts.
  const bulletin = useQuery(ask('GET /bulletins/{id}', { params: { id } })).data ?? given;
  const [first] = useState(() => given.wantedAt ?? Math.ceil((Date.now() + QUARTER) / QUARTER) * QUARTER);
  const [date, setDate] = useState<string | null>(place.dateOf(first));
  const [time, setTime] = useState(format.time(first));
  const [targets, setTargets] = useState(['all:']);
  const [choice, setChoice] = useState<(typeof CHOICES)[number] | null>(null);
  const [tried, setTried] = useState(false);
  const collides = bulletin.collisions.length > 0;
  const at = date === null || time === '' ? null : place.instant(date, time);
  const lacking = at === null || targets.length === 0 || (collides && choice === null);
  const schedule = useMutation({
    mutationFn: (when: number) =>
      api('POST /bulletins/{id}/schedule', {
        params: { id },
        body: { at: when, targets: targets.map(targetOf), choice },
      }),
    onSuccess: (next) => {
      client.setQueryData(ask('GET /bulletins/{id}', { params: { id } }).queryKey, next);
      void client.invalidateQueries({ queryKey: ['GET /bulletins'] });
      // It met something that was not known before: the choice is asked for here.
      if (next.state !== 'choose') close();
    },
  });
  return (
    <Modal
      opened
      onClose={close}
      title={t('bulletins.scheduleTitle', { title: bulletin.title })}
      closeButtonProps={{ 'aria-label': t('action.close') }}
    >
      <div className="sure">
        <div className="bulletin-when">
          <DateField label={t('bulletins.date')} value={date} onChange={setDate} clearable={false} />
          <div className="time">
            <TimePicker
              label={t('bulletins.time')}
              value={time}
              onChange={(value) => setTime(value.slice(0, 5))}
              hoursInputLabel={t('bulletins.hour')}
              minutesInputLabel={t('bulletins.minute')}
              error={tried && time === ''}
            />
          </div>
        </div>
        <TargetsField
          value={targets}
          onChange={setTargets}
          error={tried && targets.length === 0 && t('schedules.lack.targets')}
        />
        {collides && (
          <div className="bulletin-collision">
            <p>{t('bulletins.collides')}</p>
            <ul>
              {bulletin.collisions.map(({ scheduleId, title, startAt, endAt }) => (
                <li key={`${scheduleId} ${startAt}`} className="num">
                  <strong>{title}</strong> {format.time(startAt)}–{format.moment(endAt)}
                </li>
              ))}
            </ul>
            <Radio.Group
              label={t('bulletins.whose')}
              value={choice}
              onChange={(value) => setChoice(CHOICES.find((one) => one === value) ?? null)}
              error={tried && choice === null && t('bulletins.choiceMissing')}
            >
              <div className="bulletin-choices">
                {CHOICES.map((one) => (
                  <Radio
                    key={one}
                    value={one}
                    label={t(`bulletins.choice.${one}`)}
                    description={t(`bulletins.choiceMeans.${one}`)}
                  />
                ))}
              </div>
            </Radio.Group>
          </div>
        )}
        <div role="alert">{schedule.isError && <p className="inbox-error">{textOf(schedule.error)}</p>}</div>
        <Button
          fullWidth
          size="md"
          loading={schedule.isPending}
          onClick={() => {
            setTried(true);
            if (at !== null && !lacking) schedule.mutate(at);
          }}
        >
          {at === null
            ? t('bulletins.schedule')
            : t('bulletins.scheduleAt', { when: `${format.time(at)} ${format.date(at)}` })}
        </Button>
        <Button variant="default" fullWidth onClick={close}>
          {t('bulletins.later')}
        </Button>
      </div>
    </Modal>
  );
}
