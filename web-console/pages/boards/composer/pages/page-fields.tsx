import { NumberInput, Switch } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../../../words/format.ts';
import { without } from '../model/edits.ts';
import { useComposer } from '../use-composer.tsx';
import { MomentField } from './moment-field.tsx';

const SECOND = 1_000;

/** How long the page stands, and between which moments it is shown at all. */
export function PageFields({ readMs }: { readMs: number | null }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { page, editPage } = useComposer();
  const { dwellMs, from, until } = page;
  const usual = Math.max(1, Math.round((readMs ?? 8_000) / SECOND));
  return (
    <details className="fold">
      <summary>{t('compose.pageTime')}</summary>
      <div className="fold-in">
        <Switch
          label={t('compose.dwellAuto')}
          description={readMs === null ? undefined : t('compose.dwellReads', { span: format.span(readMs) })}
          checked={dwellMs === undefined}
          size="md"
          onChange={(event) => {
            const auto = event.currentTarget.checked;
            editPage((before) =>
              auto ? without(before, 'dwellMs') : { ...before, dwellMs: usual * SECOND },
            );
          }}
        />
        {dwellMs !== undefined && (
          <NumberInput
            label={t('compose.dwell')}
            value={dwellMs / SECOND}
            min={1}
            max={86_400}
            allowDecimal={false}
            onChange={(value) => {
              if (typeof value === 'number' && value >= 1)
                editPage((before) => ({ ...before, dwellMs: Math.round(value * SECOND) }), 'dwell');
            }}
          />
        )}
        <MomentField
          label={t('compose.from')}
          value={from ?? null}
          usual="00:00"
          onChange={(at) =>
            editPage((before) => (at === null ? without(before, 'from') : { ...before, from: at }), 'from')
          }
        />
        <MomentField
          label={t('compose.until')}
          value={until ?? null}
          usual="17:00"
          onChange={(at) =>
            editPage((before) => (at === null ? without(before, 'until') : { ...before, until: at }), 'until')
          }
        />
        {from !== undefined && until !== undefined && until <= from && (
          <p className="field-error" role="alert">
            {t('compose.untilBeforeFrom')}
          </p>
        )}
      </div>
    </details>
  );
}
