import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { PlayDetail } from '#controller/http/contract/plays';
import { addressOf } from '../../api/client.ts';
import { Shape } from '../../parts/mark.tsx';
import { useFormat } from '../../words/format.ts';
import { useReason } from '../../words/use-reason.ts';
import { PagesShown } from './pages-shown.tsx';

type Entry = PlayDetail['records'][number];

/** The device's own account of one stretch, as it sent it. */
export function RecordView({ record, kept }: { record: Entry; kept: boolean }) {
  const { t } = useTranslation();
  const format = useFormat();
  const reason = useReason();
  return (
    <article className="record">
      <header>
        <strong>{record.title}</strong>
        <span className="dim num">
          {t('record.part', { index: record.part.index + 1, of: record.part.of })}
        </span>
      </header>
      <dl className="facts num">
        <dt>{t('record.started')}</dt>
        <dd>
          {record.startedAt === null ? (
            t('log.neverBegan')
          ) : (
            <strong>{format.instant(record.startedAt)}</strong>
          )}
          <small className="dim">{t('record.dueAt', { when: format.instant(record.dueAt) })}</small>
        </dd>
        <dt>{t('record.clock')}</dt>
        <dd>
          {record.clockSynced
            ? t('record.clockError', { value: format.number(record.clockErrorMs, 1) })
            : t('record.clockUnsynced')}
        </dd>
        <dt>{t('record.played')}</dt>
        <dd>{t('log.share', { played: format.span(record.playedMs), due: format.span(record.dueMs) })}</dd>
        <dt>{t('record.end')}</dt>
        <dd>
          {t(`end.${record.end}`)}
          {record.reason !== undefined && ` – ${reason(record.reason)}`}
          <small className="dim">{format.instant(record.endedAt)}</small>
        </dd>
        {record.volume !== undefined && (
          <>
            <dt>{t('device.volume')}</dt>
            <dd>{record.muted === true ? t('device.muted') : `${record.volume} %`}</dd>
          </>
        )}
        {record.brightness !== undefined && (
          <>
            <dt>{t('device.brightness')}</dt>
            <dd>{record.brightness} %</dd>
          </>
        )}
        {record.levelDbfs !== undefined && (
          <>
            <dt>{t('level.label')}</dt>
            <dd>{t('level.value', { value: format.number(record.levelDbfs, 1) })}</dd>
          </>
        )}
        <dt>{t('record.hash')}</dt>
        <dd>
          <span className="mono">{record.sha256}</span>
          <span className="mark" data-tone={kept ? 'good' : 'warn'}>
            <Shape shape={kept ? 'full' : 'triangle'} tone={kept ? 'good' : 'warn'} size={12} />
            {t(kept ? 'record.asPlanned' : 'record.notPlanned')}
          </span>
        </dd>
        {record.pixelsSha256 !== undefined && (
          <>
            <dt>{t('record.pixels')}</dt>
            <dd className="mono">{record.pixelsSha256}</dd>
          </>
        )}
        <dt>{t('record.number')}</dt>
        <dd>
          {t('record.bootSeq', { boot: record.boot, seq: record.seq })}
          <small className="dim">{t('record.received', { when: format.instant(record.receivedAt) })}</small>
        </dd>
      </dl>
      {record.pages !== undefined && record.pages.length > 0 && (
        <PagesShown pages={record.pages} rounds={record.rounds} />
      )}
      {record.evidence !== undefined && <Evidence id={record.evidence} title={record.title} />}
    </article>
  );
}

function Evidence({ id, title }: { id: string; title: string }) {
  const { t } = useTranslation();
  const [missing, setMissing] = useState(false);
  return missing ? (
    <p className="hint">{t('record.evidenceMissing')}</p>
  ) : (
    <img
      className="evidence"
      src={addressOf('GET /evidence/{id}', { params: { id } })}
      alt={t('record.evidenceOf', { title })}
      onError={() => setMissing(true)}
    />
  );
}
