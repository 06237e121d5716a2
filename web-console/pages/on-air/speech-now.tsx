import { Button, Switch, TextInput } from '@mantine/core';
import { IconBroadcast } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../api/client.ts';
import { useMay } from '../../api/session.ts';
import { useSay } from '../../parts/undo.tsx';
import { useDraft } from '../../parts/use-draft.ts';
import { SpeechFields } from '../speech/speech-fields.tsx';
import { NO_TEXT, wishOf, wordsOf } from '../speech/text.ts';
import { ConfirmPlay } from './confirm-play.tsx';
import { FRESH } from './draft.ts';
import { useReach } from './reach.ts';
import { WhereField } from './where-field.tsx';

const empty = { ...NO_TEXT, title: '', board: true, targets: ['all:'] };
/** As much as a board's notice holds. */
const MOST_NOTICE = 4_000;
const LOOK_EVERY_MS = 400;

/** A text on the air within a minute: typed, heard, confirmed. */
export function SpeechNow() {
  const { t } = useTranslation();
  const may = useMay('operator');
  const say = useSay();
  const client = useQueryClient();
  const [draft, setDraft, forget] = useDraft('speech-now', empty);
  const [tried, setTried] = useState(false);
  const [programme, setProgramme] = useState<string | null>(null);
  const newest = useRef(draft);
  newest.current = draft;
  const put = (part: Partial<typeof draft>) => {
    setProgramme(null);
    setDraft({ ...draft, ...part });
  };
  const reach = useReach(draft.targets);
  const title = draft.title.trim() === '' ? firstWords(draft.text) : draft.title.trim();
  const make = useMutation({
    mutationFn: async (asked: typeof draft) => {
      const { id } = await api('POST /speech', { body: { title, ...wishOf(asked) } });
      await untilReady(id, t('speech.now.refused'));
      const text = asked.text.trim();
      const notice = asked.board ? { heading: null, text: text.slice(0, MOST_NOTICE) } : null;
      return (await api('POST /programmes', { body: { title, assetId: id, notice } })).id;
    },
    onSuccess: (id, asked) => {
      void client.invalidateQueries({ queryKey: ['GET /programmes'] });
      // What was changed while it was spoken would be read in the confirmation, and not be heard.
      if (newest.current === asked) setProgramme(id);
    },
    onError: say.failed,
  });
  const nobody = draft.targets.length === 0 || reach?.devices === 0;
  const go = () => {
    setTried(true);
    if (wordsOf(draft.text) > 0 && !nobody) make.mutate(draft);
  };
  return (
    <div className="studio-form">
      <SpeechFields value={draft} change={put} tried={tried} />
      <TextInput
        label={t('speech.now.name')}
        placeholder={firstWords(draft.text)}
        value={draft.title}
        maxLength={200}
        onChange={(event) => put({ title: event.currentTarget.value })}
      />
      <Switch
        size="md"
        label={t('speech.now.board')}
        checked={draft.board}
        onChange={(event) => put({ board: event.currentTarget.checked })}
      />
      <WhereField
        value={draft.targets}
        onChange={(targets) => put({ targets })}
        reach={reach}
        asked={tried}
        live={false}
      />
      <Button
        size="lg"
        leftSection={<IconBroadcast size={22} />}
        disabled={!may}
        loading={make.isPending}
        onClick={go}
      >
        {t('speech.now.prepare')}
      </Button>
      <p className="hint" aria-live="polite">
        {make.isPending && t('speech.now.speaking')}
      </p>
      {programme !== null && reach !== undefined && (
        <ConfirmPlay
          draft={{ ...FRESH, targets: draft.targets, content: `programme:${programme}` }}
          title={title}
          reach={reach}
          close={() => setProgramme(null)}
          done={() => {
            forget();
            setTried(false);
            setProgramme(null);
          }}
        />
      )}
    </div>
  );
}

const firstWords = (text: string): string => text.trim().split(/\s+/).slice(0, 8).join(' ').slice(0, 80);

/** @throws Error with what to say when its sound was refused. */
async function untilReady(id: string, refused: string): Promise<void> {
  for (;;) {
    const { state } = await api('GET /assets/{id}', { params: { id } });
    if (state === 'ready') return;
    if (state === 'refused' || state === 'cancelled') throw new Error(refused);
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}
