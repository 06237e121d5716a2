import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import type { Play } from '#controller/http/contract/plays';
import { VerdictMark } from '../../parts/mark.tsx';
import { useWindowRows } from '../../parts/use-window-rows.ts';
import { useFormat } from '../../words/format.ts';
import { useReason } from '../../words/use-reason.ts';

export function PlayRows({
  plays,
  total,
  more,
  open,
}: {
  plays: Play[];
  total: number;
  more: () => void;
  open: (play: Play) => void;
}) {
  const { t } = useTranslation();
  const { list, height, shown } = useWindowRows(
    plays,
    { desk: 56, phone: 84 },
    ({ occurrence, deviceId }) => `${occurrence} ${deviceId}`,
  );
  const lastShown = shown.at(-1)?.index ?? 0;
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked for when the end comes into sight
  useEffect(() => {
    if (lastShown >= plays.length - 10) more();
  }, [lastShown, plays.length]);
  return (
    <>
      <p className="dim num log-total" role="status">
        {t('log.total', { count: total })}
      </p>
      <ul ref={list} className="play-rows" aria-label={t('nav.log')} style={{ height }}>
        {shown.map(({ key, index, item, style }) => (
          <li key={key} aria-setsize={total} aria-posinset={index + 1} style={style}>
            <Row play={item} open={open} />
          </li>
        ))}
      </ul>
    </>
  );
}

function Row({ play, open }: { play: Play; open: (play: Play) => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const reason = useReason();
  return (
    <button type="button" className="play-row" onClick={() => open(play)}>
      <span className="play-time num">
        <strong>{format.time(play.startAt)}</strong>
        <span className="dim">{format.date(play.startAt)}</span>
      </span>
      <span className="play-title">
        <span>{play.title}</span>
        <span className="dim">
          {play.deviceName}
          {play.areaName !== null && ` · ${play.areaName}`}
        </span>
      </span>
      <span className="play-verdict">
        <VerdictMark verdict={play.verdict} />
        <span className="dim num">
          {play.reason !== null
            ? reason(play.reason)
            : play.latenessMs !== null
              ? t('log.offset', { span: `${play.latenessMs < 0 ? '−' : '+'}${format.span(play.latenessMs)}` })
              : ''}
        </span>
      </span>
      <span className="play-share num dim">
        {play.verdict === 'pending' || play.verdict === 'unknown'
          ? ''
          : t('log.share', { played: format.span(play.playedMs), due: format.span(play.dueMs) })}
      </span>
    </button>
  );
}
