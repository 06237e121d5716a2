import { Drawer } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { BroadcastSummary } from '#controller/http/contract/broadcasts';
import type { Programme } from '#controller/http/contract/library';
import { ask } from '../../../../api/ask.ts';
import type { Composition } from '../model/composition.ts';
import type { BoardPreview } from '../preview/use-preview.ts';
import { Choose } from './choose.tsx';
import { Making } from './making.tsx';
import { Progress } from './progress.tsx';
import './publish.css';

/** Puts it up: on which boards and until when, and then how far it came on each of them. */
export function PublishSheet({
  programme,
  composition,
  preview,
  warnings,
  close,
}: {
  programme: Programme;
  composition: Composition;
  preview: BoardPreview;
  warnings: number;
  close: () => void;
}) {
  const { t } = useTranslation();
  const [sent, setSent] = useState<{ broadcast: BroadcastSummary; boards: readonly string[] } | null>(null);
  const { data = programme } = useQuery({
    ...ask('GET /programmes/{id}', { params: { id: programme.id } }),
    refetchInterval: ({ state }) => (state.data?.boardState === 'making' ? 1_000 : false),
  });
  return (
    <Drawer
      opened
      onClose={close}
      size="lg"
      title={t(sent === null ? 'compose.publishTitle' : 'compose.publishedTitle')}
      closeButtonProps={{ 'aria-label': t('action.close') }}
    >
      {sent !== null ? (
        <Progress
          broadcast={sent.broadcast}
          boards={sent.boards}
          preview={preview}
          composition={composition}
        />
      ) : (
        <>
          <Making programme={data} />
          <Choose
            programme={data}
            composition={composition}
            warnings={warnings}
            done={(broadcast, boards) => setSent({ broadcast, boards })}
          />
        </>
      )}
    </Drawer>
  );
}
