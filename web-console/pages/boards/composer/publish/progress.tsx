import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { BroadcastSummary } from '#controller/http/contract/broadcasts';
import { ask } from '../../../../api/ask.ts';
import { api } from '../../../../api/client.ts';
import { useMay } from '../../../../api/session.ts';
import { Answered } from '../../../../parts/answer.tsx';
import { TwoTaps } from '../../../../parts/two-taps.tsx';
import { useSay } from '../../../../parts/undo.tsx';
import type { Composition } from '../model/composition.ts';
import type { BoardPreview } from '../preview/use-preview.ts';
import { BoardProof } from './board-proof.tsx';

/** While it goes up it is asked for so often, beside what is told live. */
const LOOK_MS = 2_000;

/** How far it came on each board, and its end. */
export function Progress({
  broadcast,
  boards,
  preview,
  composition,
}: {
  broadcast: BroadcastSummary;
  boards: readonly string[];
  preview: BoardPreview;
  composition: Composition;
}) {
  const { t } = useTranslation();
  const say = useSay();
  const may = useMay('operator');
  const client = useQueryClient();
  const params = { id: broadcast.id };
  const all = useQuery({ ...ask('GET /boards'), refetchInterval: LOOK_MS });
  const { data = broadcast } = useQuery({
    ...ask('GET /broadcasts/{id}', { params }),
    refetchInterval: LOOK_MS,
  });
  const stop = useMutation({
    mutationFn: () => api('POST /broadcasts/{id}/stop', { params }),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: ['GET /broadcasts'] });
      void client.invalidateQueries({ queryKey: ['GET /boards'] });
      say.done(t('compose.stopped'));
    },
    onError: say.failed,
  });
  const over = data.state === 'stopped' || data.state === 'ended' || data.state === 'failed';
  return (
    <div className="publish">
      <p className="publish-state" role="status">
        {t(`compose.broadcast.${data.state}`)}
      </p>
      <Answered of={all} rows={boards.length} height={200}>
        {(views) => (
          <ul className="proofs">
            {views
              .filter(({ id }) => boards.includes(id))
              .map((board) => (
                <BoardProof
                  key={board.id}
                  board={board}
                  since={broadcast.createdAt}
                  over={over}
                  preview={preview}
                  composition={composition}
                />
              ))}
          </ul>
        )}
      </Answered>
      <div className="publish-acts">
        {!over && (
          <TwoTaps
            label={t('compose.stop')}
            sure={t('compose.stopSure', { count: boards.length })}
            disabled={!may}
            loading={stop.isPending}
            act={() => stop.mutate()}
          />
        )}
        <Button variant="default" renderRoot={(props) => <Link to="/boards" {...props} />}>
          {t('compose.toBoards')}
        </Button>
      </div>
    </div>
  );
}
