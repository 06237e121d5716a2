import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { BoardView } from '#controller/http/contract/boards';
import { useMay } from '../../api/session.ts';
import { Shape } from '../../parts/mark.tsx';
import { Sure } from '../../parts/sure.tsx';
import { useNow } from '../../parts/use-now.ts';
import { useFormat } from '../../words/format.ts';
import { useCommand } from '../device/use-command.ts';
import { type BoardProblem, problemsOf } from './problems.ts';
import type { Capture } from './use-capture.ts';

/** What is wrong, each with the next right thing to do. @param here whether this is the board's own page already. */
export function ProblemList({
  board,
  capture,
  here = false,
}: {
  board: BoardView;
  capture: Capture;
  here?: boolean;
}) {
  const now = useNow(5_000);
  const problems = problemsOf(board, now);
  return (
    <ul className="board-problems" aria-live="polite" hidden={problems.length === 0}>
      {problems.map((problem) => (
        <Row key={problem.code} board={board} problem={problem} capture={capture} here={here} />
      ))}
    </ul>
  );
}

function Row({
  board,
  problem: { code, tone, since, action, params },
  capture,
  here,
}: {
  board: BoardView;
  problem: BoardProblem;
  capture: Capture;
  here: boolean;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const when = since === null ? '' : format.moment(since);
  return (
    <li data-problem={code}>
      <Shape shape={code === 'away' ? 'cross' : 'triangle'} tone={tone} />
      <span>
        <strong>{t(`boards.problem.${code}`, { when, count: 0, ...params })}</strong>
        <small>{t(`boards.todo.${code}`)}</small>
      </span>
      {action === 'capture' && (
        <Button size="compact-md" variant="light" loading={capture.busy} onClick={capture.take}>
          {t('boards.capture')}
        </Button>
      )}
      {action === 'reboot' && <Reboot board={board} />}
      {action === 'look' && !here && (
        <Button
          size="compact-md"
          variant="light"
          renderRoot={(props) => <Link to="/devices/$id" params={{ id: board.id }} {...props} />}
        >
          {t('boards.look')}
        </Button>
      )}
    </li>
  );
}

function Reboot({ board: { id, name } }: { board: BoardView }) {
  const { t } = useTranslation();
  const may = useMay('operator');
  const command = useCommand(id);
  const [sure, setSure] = useState(false);
  return (
    <>
      <Button size="compact-md" variant="light" disabled={!may} onClick={() => setSure(true)}>
        {t('device.reboot')}
      </Button>
      {sure && (
        <Sure
          title={t('device.reboot')}
          text={t('device.rebootSure', { name })}
          no={t('action.cancel')}
          close={() => setSure(false)}
          act={() => {
            command.mutate({ v: 1, type: 'reboot' });
            setSure(false);
          }}
        />
      )}
    </>
  );
}
