import { Button, Radio, Textarea } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Incident } from '#controller/http/contract/incidents';
import { api } from '../../api/client.ts';
import { useMay, useSession } from '../../api/session.ts';
import { Shape } from '../../parts/mark.tsx';
import { useProblemText } from '../../parts/problem.tsx';
import { Section } from '../../parts/section.tsx';
import { useFormat } from '../../words/format.ts';
import { useIncidentChange } from './use-incident-change.ts';

const VERDICTS = ['justified', 'not-justified'] as const;

/** It was sent by one person alone: why, and what another thinks of it afterwards. */
export function Review({
  incident: { id },
  glass,
}: {
  incident: Incident;
  glass: NonNullable<Incident['breakGlass']>;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const textOf = useProblemText();
  const { user } = useSession();
  const approver = useMay('approver');
  const [verdict, setVerdict] = useState<(typeof VERDICTS)[number] | null>(null);
  const [note, setNote] = useState('');
  const review = useIncidentChange(
    (asked: (typeof VERDICTS)[number]) =>
      api('POST /incidents/{id}/review', {
        params: { id },
        body: { verdict: asked, note: note.trim() === '' ? null : note.trim() },
      }),
    () => {},
  );
  const may = approver && glass.by !== user.name;
  return (
    <Section title={t('breakGlass.reviewTitle')}>
      <div className="pad">
        <p className="incident-glass">
          {t('breakGlass.by', { who: glass.by, when: format.moment(glass.at) })}
        </p>
        <blockquote className="alarm-quote">{glass.reason}</blockquote>
        {glass.verdict !== null && glass.reviewedAt !== null ? (
          <>
            <p className="mark" data-tone={glass.verdict === 'justified' ? 'good' : 'bad'}>
              <Shape
                shape={glass.verdict === 'justified' ? 'full' : 'cross'}
                tone={glass.verdict === 'justified' ? 'good' : 'bad'}
              />
              {t(`breakGlass.verdict.${glass.verdict}`)}
            </p>
            <p className="hint num">
              {t('breakGlass.reviewedBy', {
                who: glass.reviewedBy ?? '',
                when: format.moment(glass.reviewedAt),
              })}
            </p>
            {glass.note !== null && <p className="incident-text">{glass.note}</p>}
          </>
        ) : may ? (
          <>
            <Radio.Group
              label={t('breakGlass.ask')}
              value={verdict}
              onChange={(value) => setVerdict(VERDICTS.find((one) => one === value) ?? null)}
            >
              <div className="drill-kinds">
                {VERDICTS.map((one) => (
                  <Radio key={one} value={one} label={t(`breakGlass.verdict.${one}`)} />
                ))}
              </div>
            </Radio.Group>
            <Textarea
              label={t('breakGlass.note')}
              autosize
              minRows={2}
              value={note}
              onChange={(event) => setNote(event.currentTarget.value)}
              maxLength={2_000}
            />
            <div role="alert">
              {review.isError && <p className="incident-reason">{textOf(review.error)}</p>}
            </div>
            <div>
              <Button
                disabled={verdict === null}
                loading={review.isPending}
                onClick={() => {
                  if (verdict !== null) review.mutate(verdict);
                }}
              >
                {t('breakGlass.save')}
              </Button>
            </div>
          </>
        ) : (
          <p className="mark" data-tone="warn">
            <Shape shape="triangle" tone="warn" />
            {t('breakGlass.awaits')}
          </p>
        )}
      </div>
    </Section>
  );
}
