import { Button, SegmentedControl } from '@mantine/core';
import { IconPencilPlus, IconPlugConnected } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { BoardView } from '#controller/http/contract/boards';
import { ask } from '../../api/ask.ts';
import { useMay } from '../../api/session.ts';
import { Answered } from '../../parts/answer.tsx';
import { Empty } from '../../parts/empty.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { SearchField } from '../../parts/search-field.tsx';
import { useNow } from '../../parts/use-now.ts';
import { matches } from '../../words/search.ts';
import { Pairings } from '../devices/pairings.tsx';
import './boards.css';
import { BoardCard } from './card.tsx';
import { PairBoard } from './pair-board.tsx';
import { problemsOf } from './problems.ts';

const route = getRouteApi('/boards');
const NARROW = ['wrong', 'showing'] as const;
const SHOW = ['all', ...NARROW] as const;
/** What is told live comes at once; a board that fell silent tells nothing, so it is asked for now and then. */
const LOOK_MS = 20_000;
/** Each card draws and asks by itself: a district's boards are not drawn all at once. */
const AT_ONCE = 48;

/** What each board shows now, and whether that is what was approved. */
export function Boards() {
  const { t } = useTranslation();
  const may = useMay('operator');
  const boards = useQuery({ ...ask('GET /boards'), refetchInterval: LOOK_MS });
  const [pairing, setPairing] = useState(false);
  return (
    <>
      <PageHead
        title={t('nav.boards')}
        note={boards.data && t('count.boards', { count: boards.data.length })}
      >
        <Button
          variant="default"
          leftSection={<IconPlugConnected size={18} />}
          onClick={() => setPairing(true)}
        >
          {t('boards.pair')}
        </Button>
        {may && (
          <Button
            leftSection={<IconPencilPlus size={18} />}
            renderRoot={(props) => <Link to="/boards/compose" {...props} />}
          >
            {t('boards.compose')}
          </Button>
        )}
      </PageHead>
      <Pairings />
      <Answered of={boards} rows={2} height={420}>
        {(all) =>
          all.length === 0 ? (
            <Empty text={t('boards.none')}>
              <Button onClick={() => setPairing(true)}>{t('boards.pairFirst')}</Button>
            </Empty>
          ) : (
            <Cards boards={all} />
          )
        }
      </Answered>
      {pairing && <PairBoard close={() => setPairing(false)} />}
    </>
  );
}

function Cards({ boards }: { boards: readonly BoardView[] }) {
  const { t } = useTranslation();
  const now = useNow(15_000);
  const { search = '', show = 'all' } = route.useSearch();
  const navigate = route.useNavigate();
  const [most, setMost] = useState(AT_ONCE);
  const narrow = (change: { search?: string | undefined; show?: (typeof NARROW)[number] | undefined }) =>
    void navigate({ search: (before) => ({ ...before, ...change }), replace: true });
  const kinds: Record<(typeof SHOW)[number], (board: BoardView) => boolean> = {
    all: () => true,
    wrong: (board) => problemsOf(board, now).length > 0,
    showing: ({ online, mode }) => online && (mode === 'playing' || mode === 'emergency'),
  };
  const sought = boards.filter((board) => matches(search, board.name, board.areaName, board.desired?.title));
  const shown = sought.filter(kinds[show]);
  return (
    <>
      {boards.length > 1 && (
        <div className="board-filters">
          <SearchField
            grow
            label={t('boards.search')}
            value={search}
            change={(typed) => narrow({ search: typed === '' ? undefined : typed })}
          />
          <SegmentedControl
            aria-label={t('boards.show')}
            value={show}
            onChange={(value) => narrow({ show: NARROW.find((one) => one === value) })}
            data={SHOW.map((kind) => ({
              value: kind,
              label: `${t(`boards.filter.${kind}`)} ${sought.filter(kinds[kind]).length}`,
            }))}
          />
        </div>
      )}
      {shown.length === 0 && (
        <Empty text={t(show === 'wrong' && search === '' ? 'boards.nothingWrong' : 'state.nothingFound')}>
          <Button variant="default" onClick={() => narrow({ search: undefined, show: undefined })}>
            {t('boards.showAll')}
          </Button>
        </Empty>
      )}
      <div className="board-cards">
        {shown.slice(0, most).map((board) => (
          <BoardCard key={board.id} board={board} />
        ))}
      </div>
      {shown.length > most && (
        <Button variant="default" mt="md" onClick={() => setMost(most + AT_ONCE)}>
          {t('boards.showMore', { count: shown.length - most })}
        </Button>
      )}
    </>
  );
}
