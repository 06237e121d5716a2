import { Button } from '@mantine/core';
import { IconEar } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { DeviceDetail } from '#controller/http/contract/devices';
import { useMay } from '../../api/session.ts';
import { Shape } from '../../parts/mark.tsx';
import { Section } from '../../parts/section.tsx';
import { useFormat } from '../../words/format.ts';
import { useCommand } from './use-command.ts';

const FLOOR = -90;

/** What the speaker heard of itself, against what it sent and the noise around it; and what to look at when it is deaf. */
export function SelfTest({ device }: { device: DeviceDetail }) {
  const { t } = useTranslation();
  const format = useFormat();
  const may = useMay('operator');
  const command = useCommand(device.id);
  const test = device.selfTest;
  const levels = test && [
    { name: 'sent', dbfs: test.sentDbfs },
    { name: 'heard', dbfs: test.heardDbfs },
    { name: 'noise', dbfs: test.noiseDbfs },
  ];
  return (
    <Section
      title={t('selfTest.title')}
      aside={
        <Button
          variant="default"
          leftSection={<IconEar size={18} />}
          loading={command.isPending}
          disabled={!may}
          onClick={() => command.mutate({ v: 1, type: 'self-test' })}
        >
          {t('selfTest.run')}
        </Button>
      }
    >
      <div className="pad" aria-live="polite">
        {test === null || levels === null ? (
          <p className="hint">{t('selfTest.never')}</p>
        ) : (
          <>
            <span className="mark wrap" data-tone={test.ok ? 'good' : 'bad'}>
              <Shape shape={test.ok ? 'full' : 'cross'} tone={test.ok ? 'good' : 'bad'} />
              {t(test.ok ? 'selfTest.ok' : 'selfTest.failed')}
              <span className="dim num">{t('selfTest.at', { when: format.moment(test.at) })}</span>
            </span>
            <dl className="levels num">
              {levels.map(({ name, dbfs }) => (
                <div key={name} data-name={name}>
                  <dt>{t(`selfTest.${name as 'sent'}`)}</dt>
                  <dd aria-hidden="true" className="level-track">
                    <span style={{ width: `${Math.max(0, 1 - dbfs / FLOOR) * 100}%` }} />
                  </dd>
                  <dd>{t('selfTest.level', { value: format.number(dbfs, 1) })}</dd>
                </div>
              ))}
            </dl>
            {!test.ok && <p className="hint">{t('selfTest.check')}</p>}
          </>
        )}
      </div>
    </Section>
  );
}
