import { NumberInput, Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { FallbackChoice } from '#controller/http/contract/board-choice';
import type { Panel } from '#devices/kind';
import { ask } from '../../../api/ask.ts';
import { FallbackPicture } from '../../boards/fallback-picture.tsx';
import { BoardFrame } from '../../boards/frame.tsx';
import type { Draft } from './draft.ts';

const TROUBLES = ['idle', 'linkLost', 'powerReturn', 'clockUnset'] as const;
type Trouble = (typeof TROUBLES)[number];
const SIMPLE = ['clock', 'name', 'dark'] as const;

/** What stands on the board in each moment in which its plan does not, with a small picture of it. */
export function FallbackFields({
  draft,
  panel,
  put,
  disabled,
}: {
  draft: Draft;
  panel: Panel | undefined;
  put: (change: Partial<Draft>) => void;
  disabled: boolean;
}) {
  const { t } = useTranslation();
  const number = (field: 'linkLostAfterMinutes' | 'powerReturnSeconds', most: number, least: number) => (
    <NumberInput
      label={t(`boards.fallback.${field}`)}
      value={draft[field]}
      onChange={(value) => typeof value === 'number' && put({ [field]: value })}
      min={least}
      max={most}
      allowDecimal={false}
      clampBehavior="strict"
      suffix={t(`boards.fallback.${field}Unit`)}
      thousandSeparator="."
      decimalSeparator=","
      disabled={disabled}
    />
  );
  const beside: Partial<Record<Trouble, ReactNode>> = {
    linkLost: draft.linkLost.show === 'plan' ? null : number('linkLostAfterMinutes', 43_200, 1),
    powerReturn: number('powerReturnSeconds', 600, 0),
  };
  return (
    <fieldset className="bare board-field" disabled={disabled}>
      <legend>{t('boards.fallback.title')}</legend>
      <p className="hint">{t('boards.fallback.hint')}</p>
      <ul className="board-fallbacks">
        {TROUBLES.map((trouble) => (
          <li key={trouble}>
            <div className="board-fallback-fields">
              <Choice
                trouble={trouble}
                value={draft[trouble]}
                change={(value) => put({ [trouble]: value })}
                disabled={disabled}
              />
              {beside[trouble]}
            </div>
            {panel !== undefined && draft[trouble].show !== 'plan' && (
              <BoardFrame size={panel} small>
                <FallbackPicture fallback={draft[trouble]} choice={draft} size={panel} />
              </BoardFrame>
            )}
          </li>
        ))}
      </ul>
    </fieldset>
  );
}

function Choice({
  trouble,
  value,
  change,
  disabled,
}: {
  trouble: Trouble;
  value: FallbackChoice;
  change: (value: FallbackChoice) => void;
  disabled: boolean;
}) {
  const { t } = useTranslation();
  const programmes = useQuery(ask('GET /programmes'));
  const shown = (programmes.data ?? []).filter(({ board, notice }) => board !== null || notice !== null);
  const simple = trouble === 'linkLost' ? (['plan', ...SIMPLE] as const) : SIMPLE;
  return (
    <Select
      label={t(`boards.fallback.${trouble}`)}
      value={value.show === 'programme' ? value.programmeId : value.show}
      onChange={(chosen) => {
        const show = simple.find((one) => one === chosen);
        if (show !== undefined) change({ show });
        else if (chosen !== null) change({ show: 'programme', programmeId: chosen });
      }}
      allowDeselect={false}
      searchable
      nothingFoundMessage={t('state.nothingFound')}
      disabled={disabled}
      data={[
        {
          group: t('boards.fallback.ready'),
          items: simple.map((show) => ({ value: show, label: t(`boards.shows.${show}`) })),
        },
        {
          group: t('boards.fallback.programmes'),
          items: shown.map(({ id, title }) => ({ value: id, label: title })),
        },
      ]}
    />
  );
}
