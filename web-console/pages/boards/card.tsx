import { Button } from '@mantine/core';
import { IconPlayerStop } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { BoardView } from '#controller/http/contract/boards';
import { useMay } from '../../api/session.ts';
import { Shape } from '../../parts/mark.tsx';
import { Sure } from '../../parts/sure.tsx';
import { useFormat } from '../../words/format.ts';
import { useCommand } from '../device/use-command.ts';
import { CaptureButton, CaptureProgress } from './capture-button.tsx';
import { FourStates } from './four-states.tsx';
import { ProblemList } from './problem-list.tsx';
import { Screen } from './screen.tsx';
import { modeOf, modeSigns } from './signs.ts';
import { useCapture } from './use-capture.ts';

/** One board: what stands on it, whether that is what was asked for, what is wrong, and what can be done. */
export function BoardCard({ board }: { board: BoardView }) {
  const { t } = useTranslation();
  const heading = useId();
  const capture = useCapture(board.id, board.seen?.at ?? null);
  return (
    <article className="board-card" aria-labelledby={heading} data-board={board.id}>
      <header className="board-head">
        <h2 id={heading}>
          <Link to="/devices/$id" params={{ id: board.id }}>
            {board.name}
          </Link>
        </h2>
        <span className="dim">
          {board.areaName ?? t('devices.noArea')}
          {' · '}
          <PanelWords board={board} />
        </span>
        <ModeMark board={board} />
      </header>
      <Screen board={board} />
      <ProblemList board={board} capture={capture} />
      <FourStates board={board} />
      <footer className="board-foot">
        <CaptureButton board={board} capture={capture} />
        <Stop board={board} />
        <CaptureProgress capture={capture} />
      </footer>
    </article>
  );
}

export function PanelWords({ board: { panel, display } }: { board: BoardView }) {
  const { t } = useTranslation();
  const format = useFormat();
  if (panel === null) return t('boards.noPanel');
  const size = { width: panel.width, height: panel.height, pitch: format.number(panel.pitchMm, 2) };
  return <span className="num">{t(`boards.panel.${display ?? 'board'}`, size)}</span>;
}

export function ModeMark({ board }: { board: BoardView }) {
  const { t } = useTranslation();
  const format = useFormat();
  const mode = modeOf(board);
  const { shape, tone } = modeSigns[mode];
  return (
    <span className="mark board-mode" data-tone={tone} data-mode={mode}>
      <Shape shape={shape} tone={tone} />
      {t(`boards.mode.${mode}`)}
      <span className="dim">
        {mode === 'away' && board.lastHeardAt !== null
          ? t('boards.lastHeard', { when: format.moment(board.lastHeardAt) })
          : t(`boards.modeMeans.${mode}`)}
      </span>
    </span>
  );
}

function Stop({ board }: { board: BoardView }) {
  const { t } = useTranslation();
  const may = useMay('operator');
  const command = useCommand(board.id);
  const [sure, setSure] = useState(false);
  const { desired } = board;
  if (desired === null || !board.online) return null;
  return (
    <>
      <Button
        variant="default"
        leftSection={<IconPlayerStop size={18} />}
        disabled={!may}
        onClick={() => setSure(true)}
        aria-label={t('boards.stopOf', { name: board.name })}
      >
        {t('boards.stop')}
      </Button>
      {sure && (
        <Sure
          title={t('boards.stop')}
          text={t('boards.stopSure', { title: desired.title, name: board.name })}
          no={t('action.cancel')}
          close={() => setSure(false)}
          act={() => {
            command.mutate({ v: 1, type: 'stop' });
            setSure(false);
          }}
        />
      )}
    </>
  );
}
