import type { UseQueryResult } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { BoardView } from '#controller/http/contract/boards';
import { Answered } from '../../../parts/answer.tsx';
import { Section } from '../../../parts/section.tsx';
import '../../boards/boards.css';
import { CaptureButton, CaptureProgress } from '../../boards/capture-button.tsx';
import { ModeMark, PanelWords } from '../../boards/card.tsx';
import { Drawn } from '../../boards/drawn.tsx';
import { FourStates } from '../../boards/four-states.tsx';
import { BoardFrame } from '../../boards/frame.tsx';
import { ProblemList } from '../../boards/problem-list.tsx';
import { Age, Seen } from '../../boards/screen.tsx';
import { useCapture } from '../../boards/use-capture.ts';
import './board.css';

/** What is to stand on the board beside what really does, and the four states between the two. */
export function BoardNow({ of }: { of: UseQueryResult<BoardView> }) {
  return (
    <Answered of={of} rows={1} height={320}>
      {(board) => <Whole board={board} />}
    </Answered>
  );
}

function Whole({ board }: { board: BoardView }) {
  const { t } = useTranslation();
  const capture = useCapture(board.id, board.seen?.at ?? null);
  return (
    <>
      <FourStates board={board} large />
      <Section title={t('device.picture')} aside={<CaptureButton board={board} capture={capture} />}>
        <div className="pad board-now">
          <div className="board-now-head">
            <ModeMark board={board} />
            <span className="dim">
              <PanelWords board={board} />
            </span>
            <CaptureProgress capture={capture} />
          </div>
          <ProblemList board={board} capture={capture} here />
          <div className="board-pair">
            <figure>
              <BoardFrame size={board.panel}>
                <Drawn board={board} />
              </BoardFrame>
              <figcaption>
                <strong>{t('boards.drawn')}</strong>
                <span className="dim">{t('boards.drawnMeans')}</span>
              </figcaption>
            </figure>
            <figure>
              <BoardFrame size={board.panel}>
                <Seen board={board} />
              </BoardFrame>
              <figcaption>
                <strong>{t('boards.seen')}</strong>
                <Age board={board} />
              </figcaption>
            </figure>
          </div>
        </div>
      </Section>
    </>
  );
}
