import { useTranslation } from 'react-i18next';
import type { DeviceDetail, SettingDifference } from '#controller/http/contract/devices';
import { Shape, type ShapeName, type Tone } from '../../../parts/mark.tsx';
import { useNow } from '../../../parts/use-now.ts';
import { useFormat } from '../../../words/format.ts';

/** Asked, acknowledged and reported, apart; and what the device does otherwise, and for how long. */
export function Agreement({ device }: { device: DeviceDetail }) {
  const { t } = useTranslation();
  const format = useFormat();
  const now = useNow(5_000);
  const written = useWritten();
  const { desiredRevision: wanted, settingsDiffer: differences } = device;
  const unheard = device.heartbeat === null;
  const board = device.kind === 'board';
  const reported = board ? device.heartbeat?.brightness : device.heartbeat?.volume;
  const steps: { name: 'asked' | 'acknowledged' | 'reported'; revision: number; at: number | null }[] = [
    { name: 'asked', revision: wanted, at: device.desiredAt },
    { name: 'acknowledged', revision: device.acknowledgedRevision, at: device.acknowledgedAt },
    { name: 'reported', revision: device.reportedRevision, at: device.reportedAt },
  ];
  return (
    <div className="agreement">
      <ol className="agreement-steps" aria-label={t('settings.steps')}>
        {steps.map(({ name, revision, at }) => {
          const done = revision >= wanted;
          const sign: { shape: ShapeName; tone: Tone } = done
            ? { shape: 'full', tone: name === 'asked' ? 'accent' : 'good' }
            : { shape: 'half', tone: 'warn' };
          return (
            <li key={name}>
              <span className="agreement-name">
                <Shape {...sign} />
                {t(`settings.step.${name}`)}
              </span>
              <span className="num">
                {revision === 0 ? t('settings.notYet') : t('settings.revision', { revision })}
              </span>
              <span className="num dim">{at === null || revision === 0 ? '' : format.moment(at)}</span>
            </li>
          );
        })}
      </ol>
      <div aria-live="polite">
        {differences.length === 0 ? (
          <p className="settled" data-agrees={!unheard}>
            <Shape shape={unheard ? 'question' : 'full'} tone={unheard ? 'quiet' : 'good'} />
            <span>
              {unheard || reported === undefined
                ? t('device.differsUnknown')
                : t('device.agrees', { value: format.number(reported) })}
            </span>
          </p>
        ) : (
          <ul className="differences">
            {differences.map((difference) => (
              <li key={difference.field}>
                <Shape shape="triangle" tone="warn" />
                <span>
                  {t(`settings.differs.${difference.field}`, {
                    desired: written(difference, difference.desired),
                    reported: written(difference, difference.reported),
                  })}{' '}
                  <span className="dim num">
                    {t('settings.since', {
                      when: format.moment(difference.since),
                      span: format.span(Math.max(1_000, now - difference.since)),
                    })}
                  </span>
                </span>
              </li>
            ))}
          </ul>
        )}
      </div>
    </div>
  );
}

function useWritten(): (difference: SettingDifference, value: SettingDifference['desired'] | null) => string {
  const { t } = useTranslation();
  const format = useFormat();
  return ({ field }, value) => {
    if (value === null) return t('state.unknown').toLocaleLowerCase();
    if (typeof value === 'boolean') return t(value ? 'settings.on' : 'settings.off');
    switch (field) {
      case 'volume':
      case 'brightness':
        return `${format.number(value)} %`;
      case 'outputDelayMs':
        return `${format.number(value)} ms`;
      case 'revision':
      case 'plan':
      case 'muted':
        return format.number(value);
    }
  };
}
