import { Button } from '@mantine/core';
import { IconCamera } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { BoardView } from '#controller/http/contract/boards';
import { useMay } from '../../api/session.ts';
import { useReason } from '../../words/use-reason.ts';
import type { Capture } from './use-capture.ts';

export function CaptureButton({ board, capture }: { board: BoardView; capture: Capture }) {
  const { t } = useTranslation();
  const may = useMay('operator');
  return (
    <Button
      variant="default"
      leftSection={<IconCamera size={18} />}
      disabled={!may || !board.online}
      loading={capture.busy}
      onClick={capture.take}
      aria-label={t('boards.captureOf', { name: board.name })}
    >
      {t('boards.capture')}
    </Button>
  );
}

/** How far the picture that was asked for is. */
export function CaptureProgress({ capture: { state } }: { capture: Capture }) {
  const { t } = useTranslation();
  const reason = useReason();
  return (
    <span className="board-capture" role="status">
      {state !== null && (
        <>
          {t('boards.capturing', { state: t(`commandState.${state.state}`) })}
          {state.reason !== null && ` (${reason(state.reason)})`}
        </>
      )}
    </span>
  );
}
