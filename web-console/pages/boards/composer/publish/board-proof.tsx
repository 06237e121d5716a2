import { useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { BoardView } from '#controller/http/contract/boards';
import type { Show } from '#devices/render/show';
import { addressOf } from '../../../../api/client.ts';
import { Shape } from '../../../../parts/mark.tsx';
import { useFormat } from '../../../../words/format.ts';
import { FourStates } from '../../four-states.tsx';
import { useFitted } from '../../scene/fitted.ts';
import { useShow } from '../../scene/use-show.ts';
import { useCapture } from '../../use-capture.ts';
import type { Composition } from '../model/composition.ts';
import type { BoardPreview } from '../preview/use-preview.ts';
import '../../boards.css';
import { type Comparison, compared, pixelsOfPicture } from './compare.ts';

/**
 * One board: its four steps, and when its picture has come that picture beside the preview, with the number of
 * pixels in which they differ.
 */
export function BoardProof({
  board,
  since,
  over,
  preview,
  composition,
}: {
  board: BoardView;
  /** When it was put up: a picture from before is of something else. */
  since: number;
  over: boolean;
  preview: BoardPreview;
  composition: Composition;
}) {
  const { t } = useTranslation();
  const { panel, seen, rendered, online } = board;
  const capture = useCapture(board.id, seen?.at ?? null);
  const asked = useRef(false);
  const drawn =
    rendered !== null && rendered.at >= since && rendered.as !== 'different' && rendered.sceneSha256 !== null;
  const taken = seen !== null && seen.at >= since;
  useEffect(() => {
    // Proof is not waited for: the board is asked for a picture as soon as it says that it draws.
    if (!drawn || taken || over || asked.current || !online) return;
    asked.current = true;
    capture.take();
  }, [drawn, taken, over, online, capture]);
  const size = panel ?? composition.format;
  const { scene } = useFitted(preview.scene, size);
  const show = useShow(scene, size.width, size.height);
  return (
    <li className="proof" aria-label={board.name}>
      <h3>{board.name}</h3>
      <FourStates board={board} />
      {taken && show !== null && <Beside board={board} pictureId={seen.pictureId} show={show} />}
      {!online && <p className="choice-warn">{t('compose.waitsAway')}</p>}
    </li>
  );
}

function Beside({ board, pictureId, show }: { board: BoardView; pictureId: string; show: Show }) {
  const { t } = useTranslation();
  const format = useFormat();
  const address = addressOf('GET /evidence/{id}', { params: { id: pictureId } });
  const picture = useQuery({
    queryKey: ['picture', pictureId],
    queryFn: () => pixelsOfPicture(address),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const result = useMemo(
    () => (picture.data === undefined ? null : compared(picture.data, show, Date.now())),
    [picture.data, show],
  );
  if (result === null) return null;
  const { different, moving } = result;
  return (
    <div className="beside">
      <figure>
        <Pixels comparison={result} label={t('compose.previewSide')} />
        <figcaption className="dim">{t('compose.previewSide')}</figcaption>
      </figure>
      <figure>
        <img className="scene-canvas" src={address} alt={t('compose.pictureOf', { name: board.name })} />
        <figcaption className="dim num">
          {t('boards.picture', { when: board.seen === null ? '' : format.second(board.seen.at) })}
        </figcaption>
      </figure>
      <p
        className="mark beside-sum"
        data-tone={different === 0 ? 'good' : moving ? 'quiet' : 'warn'}
        role="status"
      >
        <Shape
          shape={different === 0 ? 'full' : moving ? 'half' : 'triangle'}
          tone={different === 0 ? 'good' : moving ? 'quiet' : 'warn'}
        />
        {different !== 0 && moving
          ? t('compose.moves')
          : t('compose.different', {
              count: different,
              of: format.number(show.size.width * show.size.height),
            })}
      </p>
    </div>
  );
}

/** The preview, as it was compared. */
function Pixels({ comparison: { expected }, label }: { comparison: Comparison; label: string }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(
    () => canvas.current?.getContext('2d', { alpha: false })?.putImageData(expected, 0, 0),
    [expected],
  );
  return (
    <canvas
      ref={canvas}
      className="scene-canvas"
      width={expected.width}
      height={expected.height}
      role="img"
      aria-label={label}
    />
  );
}
