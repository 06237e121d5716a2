import { useTranslation } from 'react-i18next';
import type { Reach } from '#controller/http/contract/broadcasts';
import { TargetsField } from '../schedules/targets-field.tsx';

/** Where it is heard, and by how many. @param live whether only speakers that play live sound count. */
export function WhereField({
  value,
  onChange,
  reach,
  asked,
  live,
}: {
  value: string[];
  onChange: (targets: string[]) => void;
  reach: Reach | undefined;
  /** Whether somebody tried to start already, so that what is missing is said. */
  asked: boolean;
  live: boolean;
}) {
  const { t } = useTranslation();
  const nobody = reach !== undefined && (live ? reach.live : reach.devices) === 0;
  const lack =
    value.length === 0
      ? asked && t('schedules.lack.targets')
      : asked && nobody && t(live ? 'studio.nobody' : 'onAir.reachesNobody');
  return (
    <div>
      <TargetsField value={value} onChange={onChange} error={lack} />
      <p className="hint reach" aria-live="polite">
        {value.length > 0 &&
          (reach === undefined ? t('studio.counting') : <Counted reach={reach} live={live} />)}
      </p>
    </div>
  );
}

function Counted({ reach, live }: { reach: Reach; live: boolean }) {
  const { t } = useTranslation();
  if (!live)
    return (
      <>
        {t('onAir.reaches', { count: reach.devices })}
        {reach.connected < reach.devices &&
          ` ${t('onAir.unconnected', { count: reach.devices - reach.connected })}`}
      </>
    );
  if (reach.live === 0) return t('studio.hearsNobody');
  const away = reach.live - reach.liveConnected;
  const cannot = reach.devices - reach.live;
  return (
    <>
      {t('studio.hears', { count: reach.liveConnected })}
      {away > 0 && ` ${t('studio.away', { count: away })}`}
      {cannot > 0 && ` ${t('studio.cannot', { count: cannot })}`}
    </>
  );
}
