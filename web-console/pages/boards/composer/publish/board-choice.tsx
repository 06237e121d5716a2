import { Checkbox } from '@mantine/core';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import type { BoardView } from '#controller/http/contract/boards';
import { PanelWords } from '../../card.tsx';
import { Drawn } from '../../drawn.tsx';

/** A board to choose, by what stands on it now. */
export function BoardChoice({
  board,
  suits,
  checked,
  onChange,
}: {
  board: BoardView;
  /** Whether it has the size that was composed for. */
  suits: boolean;
  checked: boolean;
  onChange: (on: boolean) => void;
}) {
  const { t } = useTranslation();
  const id = useId();
  return (
    <label className="board-choice" data-checked={checked} htmlFor={id}>
      <Checkbox
        id={id}
        size="md"
        checked={checked}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
      <span className="board-choice-now" aria-hidden="true">
        <Drawn board={board} />
      </span>
      <span className="board-choice-words">
        <strong>{board.name}</strong>
        <span className="dim">
          <PanelWords board={board} />
        </span>
        <span className="dim">
          {board.desired === null
            ? t('compose.nothingNow')
            : t('compose.showsNow', { title: board.desired.title })}
        </span>
        {!suits && <span className="choice-warn">{t('compose.otherSize')}</span>}
        {!board.online && <span className="choice-warn">{t('compose.isAway')}</span>}
      </span>
    </label>
  );
}
