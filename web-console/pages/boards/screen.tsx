import { SegmentedControl } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { BoardView } from '#controller/http/contract/boards';
import { addressOf } from '../../api/client.ts';
import { useFormat } from '../../words/format.ts';
import { Drawn } from './drawn.tsx';
import { BoardFrame } from './frame.tsx';

/** The board as a small picture: what is to stand there, drawn live; or what it really lit, by its own picture. */
export function Screen({ board }: { board: BoardView }) {
  const { t } = useTranslation();
  const [side, setSide] = useState<'drawn' | 'seen'>('drawn');
  return (
    <div className="board-look">
      <BoardFrame size={board.panel}>
        {side === 'drawn' ? <Drawn board={board} /> : <Seen board={board} />}
      </BoardFrame>
      <div className="board-side">
        <SegmentedControl
          size="sm"
          aria-label={t('boards.sideOf', { name: board.name })}
          value={side}
          onChange={(value) => setSide(value === 'seen' ? 'seen' : 'drawn')}
          data={[
            { value: 'drawn', label: t('boards.drawn') },
            { value: 'seen', label: t('boards.seen') },
          ]}
        />
        {side === 'drawn' ? <span className="dim">{t('boards.drawnMeans')}</span> : <Age board={board} />}
      </div>
    </div>
  );
}

/** The last picture that the board took of itself. */
export function Seen({ board: { seen, name } }: { board: BoardView }) {
  const { t } = useTranslation();
  const format = useFormat();
  if (seen === null) return <p className="board-unknown">{t('device.noPicture')}</p>;
  return (
    <img
      className="scene-canvas"
      data-old={!seen.fresh}
      src={addressOf('GET /evidence/{id}', { params: { id: seen.pictureId } })}
      alt={t('device.pictureOf', { name, when: format.moment(seen.at) })}
    />
  );
}

/** When the picture was taken, and whether it still says anything. */
export function Age({ board: { seen } }: { board: BoardView }) {
  const { t } = useTranslation();
  const format = useFormat();
  if (seen === null) return <span className="dim">{t('boards.noPicture')}</span>;
  const when = format.moment(seen.at);
  return (
    <span className="num" data-tone={seen.fresh ? 'quiet' : 'warn'}>
      {t(seen.fresh ? 'boards.picture' : 'boards.pictureOld', { when })}
    </span>
  );
}
