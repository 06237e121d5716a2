import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { BroadcastDetail, BroadcastShare } from '#controller/http/contract/broadcasts';
import { Shape } from '../../parts/mark.tsx';
import { useFormat } from '../../words/format.ts';
import { useReason } from '../../words/use-reason.ts';
import { SILENT, shareSigns } from './states.ts';

/** More lines than this help nobody while it is on the air. */
const SHOWN = 50;

/**
 * The devices of one broadcast: first those that are not heard, each with its reason; then the others, folded away.
 * @param live whether it sounds now, so that who is only getting ready counts as silent.
 */
export function Shares({ broadcast, live }: { broadcast: BroadcastDetail; live: boolean }) {
  const { t } = useTranslation();
  const bad: readonly string[] = live ? SILENT : SILENT.slice(0, 2);
  const silent = broadcast.devices
    .filter(({ state }) => bad.includes(state))
    .sort((one, other) => bad.indexOf(one.state) - bad.indexOf(other.state));
  const others = broadcast.devices.filter(({ state }) => !bad.includes(state));
  return (
    <div className="shares">
      {silent.length > 0 && (
        <section aria-label={t('onAir.silent', { count: silent.length })}>
          <h3 className="shares-bad">{t('onAir.silent', { count: silent.length })}</h3>
          <ShareList shares={silent} t0={broadcast.t0} />
        </section>
      )}
      {others.length > 0 && (
        <details>
          <summary>{t('onAir.others', { count: others.length })}</summary>
          <ShareList shares={others} t0={broadcast.t0} />
        </details>
      )}
    </div>
  );
}

function ShareList({ shares, t0 }: { shares: readonly BroadcastShare[]; t0: number | null }) {
  const { t } = useTranslation();
  const format = useFormat();
  const reason = useReason();
  return (
    <ul className="share-list">
      {shares.slice(0, SHOWN).map((share) => {
        const late = share.startedAt === null || t0 === null ? null : share.startedAt - t0;
        return (
          <li key={share.deviceId}>
            <Shape {...shareSigns[share.state]} />
            <Link to="/devices/$id" params={{ id: share.deviceId }}>
              {share.name}
            </Link>
            <span className="dim">
              {share.reason === null ? t(`shareState.${share.state}`) : reason(share.reason)}
              {late !== null && late > 1_000 && ` · ${t('onAir.joinedLate', { span: format.span(late) })}`}
            </span>
          </li>
        );
      })}
      {shares.length > SHOWN && <li className="dim">{t('onAir.more', { count: shares.length - SHOWN })}</li>}
    </ul>
  );
}
