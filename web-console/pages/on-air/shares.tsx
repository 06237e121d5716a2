import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { BroadcastDetail, BroadcastShare, ShareState } from '#controller/http/contract/broadcasts';
import { Shape } from '../../parts/mark.tsx';
import { useFormat } from '../../words/format.ts';
import { useReason } from '../../words/use-reason.ts';
import { SILENT, shareSigns } from './states.ts';

/** More lines than this help nobody while it is on the air. */
const SHOWN = 60;
/** So few are shown at once; more are folded under what they have in common. */
const AT_ONCE = 5;

interface Group {
  readonly state: ShareState;
  readonly reason: string | null;
  readonly shares: BroadcastShare[];
}

function alike(shares: readonly BroadcastShare[]): Group[] {
  const groups = new Map<string, Group>();
  for (const share of shares) {
    const key = `${share.state} ${share.reason}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { state: share.state, reason: share.reason, shares: [share] });
    else group.shares.push(share);
  }
  return [...groups.values()];
}

/**
 * The devices of one broadcast: first those that are not heard, by what keeps them silent; then the others, folded away.
 * @param live whether it sounds or has sounded, so that who only got ready counts as silent.
 */
export function Shares({ broadcast, live }: { broadcast: BroadcastDetail; live: boolean }) {
  const { t } = useTranslation();
  const bad: readonly ShareState[] = live ? SILENT : SILENT.slice(0, 2);
  const silent = broadcast.devices
    .filter(({ state }) => bad.includes(state))
    .sort((one, other) => bad.indexOf(one.state) - bad.indexOf(other.state));
  const others = broadcast.devices.filter(({ state }) => !bad.includes(state));
  return (
    <div className="shares">
      {silent.length > 0 && (
        <section aria-label={t('onAir.silent', { count: silent.length })}>
          <h3 className="shares-bad">{t('onAir.silent', { count: silent.length })}</h3>
          {alike(silent).map((group) => (
            <Alike key={`${group.state} ${group.reason}`} group={group} t0={broadcast.t0} />
          ))}
        </section>
      )}
      {others.length > 0 && (
        <details>
          <summary>{t('onAir.others', { count: others.length })}</summary>
          <ShareList shares={others} t0={broadcast.t0} told />
        </details>
      )}
    </div>
  );
}

/** Devices that are silent for the same reason. */
function Alike({ group: { state, reason: code, shares }, t0 }: { group: Group; t0: number | null }) {
  const { t } = useTranslation();
  const reason = useReason();
  return (
    <details open={shares.length <= AT_ONCE}>
      <summary>
        <span className="share-why">
          <Shape {...shareSigns[state]} />
          <span>
            {t('count.devices', { count: shares.length })}:{' '}
            {code === null ? t(`shareState.${state}`) : reason(code)}
          </span>
        </span>
      </summary>
      <ShareList shares={shares} t0={t0} told={false} />
    </details>
  );
}

function ShareList({
  shares,
  t0,
  told,
}: {
  shares: readonly BroadcastShare[];
  t0: number | null;
  /** Whether each line says how far its device came. */
  told: boolean;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <ul className="share-list">
      {shares.slice(0, SHOWN).map((share) => {
        const late = share.startedAt === null || t0 === null ? null : share.startedAt - t0;
        return (
          <li key={share.deviceId}>
            {told && <Shape {...shareSigns[share.state]} />}
            <Link to="/devices/$id" params={{ id: share.deviceId }}>
              {share.name}
            </Link>
            <span className="dim">
              {told ? t(`shareState.${share.state}`) : share.areaName}
              {late !== null && late > 1_000 && ` · ${t('onAir.joinedLate', { span: format.span(late) })}`}
            </span>
          </li>
        );
      })}
      {shares.length > SHOWN && <li className="dim">{t('onAir.more', { count: shares.length - SHOWN })}</li>}
    </ul>
  );
}
