import { Button, Checkbox, Switch } from '@mantine/core';
import { IconCalendarPlus } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { BoardView } from '#controller/http/contract/boards';
import type { BroadcastSummary } from '#controller/http/contract/broadcasts';
import type { Programme } from '#controller/http/contract/library';
import { ask } from '../../../../api/ask.ts';
import { api } from '../../../../api/client.ts';
import { Answered } from '../../../../parts/answer.tsx';
import { Empty } from '../../../../parts/empty.tsx';
import { useFormat } from '../../../../words/format.ts';
import type { Composition } from '../model/composition.ts';
import { BoardChoice } from './board-choice.tsx';
import { Refused } from './refused.tsx';
import { LONGEST_MS, type UntilChoice, untilOf } from './until.ts';
import { UntilField } from './until-field.tsx';

/** Boards of the size that it was composed for are chosen to begin with. */
const suits = ({ panel }: BoardView, { format }: Composition): boolean =>
  panel !== null && panel.width === format.width && panel.height === format.height;

/** On which boards, and until when. */
export function Choose(props: {
  programme: Programme;
  composition: Composition;
  warnings: number;
  done: (broadcast: BroadcastSummary, boards: readonly string[]) => void;
}) {
  const { t } = useTranslation();
  const boards = useQuery(ask('GET /boards'));
  return (
    <Answered of={boards} rows={2} height={120}>
      {(all) =>
        all.length === 0 ? (
          <Empty text={t('boards.none')} />
        ) : (
          <Chosen
            {...props}
            boards={[...all].sort(
              (one, other) => Number(suits(other, props.composition)) - Number(suits(one, props.composition)),
            )}
          />
        )
      }
    </Answered>
  );
}

function Chosen({
  programme,
  composition,
  warnings,
  boards,
  done,
}: Parameters<typeof Choose>[0] & { boards: readonly BoardView[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const client = useQueryClient();
  const [chosen, setChosen] = useState<readonly string[]>(() =>
    boards.filter((board) => suits(board, composition)).map(({ id }) => id),
  );
  const [choice, setChoice] = useState<UntilChoice>('today');
  const [moment, setMoment] = useState<number | null>(null);
  const [accepted, setAccepted] = useState(false);
  const [first, setFirst] = useState(false);
  const now = Date.now();
  const until = choice === 'chosen' ? moment : untilOf(choice, now, format.place);
  const wrongUntil = until !== null && (until <= now || until > now + LONGEST_MS);
  const publish = useMutation({
    networkMode: 'always',
    mutationFn: ({ replace, accept }: { replace: boolean; accept: boolean }) =>
      api('POST /boards/publish', {
        body: {
          programmeId: programme.id,
          targets: chosen.map((id) => ({ kind: 'device' as const, id })),
          until: until ?? now,
          priority: first ? 'priority' : 'scheduled',
          acceptWarnings: accept,
          replace,
        },
      }),
    onSuccess: (broadcast) => {
      void client.invalidateQueries({ queryKey: ['GET /boards'] });
      void client.invalidateQueries({ queryKey: ['GET /broadcasts'] });
      done(broadcast, chosen);
    },
  });
  const ready = programme.boardState === 'ready' && chosen.length > 0 && until !== null && !wrongUntil;
  return (
    <div className="publish">
      <fieldset className="plain-group board-choices" aria-label={t('compose.onWhich')}>
        {boards.map((board) => (
          <BoardChoice
            key={board.id}
            board={board}
            suits={suits(board, composition)}
            checked={chosen.includes(board.id)}
            onChange={(on) => setChosen(on ? [...chosen, board.id] : chosen.filter((id) => id !== board.id))}
          />
        ))}
      </fieldset>
      <UntilField
        choice={choice}
        setChoice={setChoice}
        moment={moment}
        setMoment={setMoment}
        wrong={wrongUntil}
      />
      {until !== null && !wrongUntil && (
        <p className="hint num">{t('compose.goesAt', { when: format.moment(until) })}</p>
      )}
      <Switch
        size="md"
        label={t('compose.first')}
        description={t('compose.firstMeans')}
        checked={first}
        onChange={(event) => setFirst(event.currentTarget.checked)}
      />
      {warnings > 0 && (
        <Checkbox
          label={t('compose.acceptWarnings', { count: warnings })}
          checked={accepted}
          onChange={(event) => setAccepted(event.currentTarget.checked)}
        />
      )}
      {publish.isError && (
        <Refused
          error={publish.error}
          busy={publish.isPending}
          accept={() => publish.mutate({ replace: false, accept: true })}
          replace={() => publish.mutate({ replace: true, accept: accepted })}
        />
      )}
      <div className="publish-acts">
        <Button
          size="lg"
          fullWidth
          disabled={!ready || (warnings > 0 && !accepted)}
          loading={publish.isPending}
          onClick={() => publish.mutate({ replace: false, accept: accepted })}
        >
          {t('compose.publishOn', { count: chosen.length })}
        </Button>
        <Button
          variant="default"
          fullWidth
          leftSection={<IconCalendarPlus size={18} />}
          renderRoot={(props) => (
            <Link
              to="/schedules/$id"
              params={{ id: 'new' }}
              search={{ programme: programme.id }}
              {...props}
            />
          )}
        >
          {t('compose.bySchedule')}
        </Button>
      </div>
    </div>
  );
}
