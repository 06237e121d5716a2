import { Button, NumberInput, Select } from '@mantine/core';
import { IconBroadcast, IconPlus } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { RelaySource } from '#controller/http/contract/relays';
import { ask } from '../../../api/ask.ts';
import { api } from '../../../api/client.ts';
import { useMay } from '../../../api/session.ts';
import { Answered } from '../../../parts/answer.tsx';
import { Empty } from '../../../parts/empty.tsx';
import { useSay } from '../../../parts/undo.tsx';
import { useDraft } from '../../../parts/use-draft.ts';
import { useNow } from '../../../parts/use-now.ts';
import { useFormat } from '../../../words/format.ts';
import { Confirm } from '../confirm.tsx';
import { targetOf, useNames, useReach } from '../reach.ts';
import { showOnAir } from '../show-on-air.ts';
import { VolumeField } from '../volume-field.tsx';
import { WhereField } from '../where-field.tsx';
import { type Draft, FRESH, MOST_MINUTES, USUAL_MINUTES } from './draft.ts';
import './relay.css';
import { RelayOver } from './relay-over.tsx';
import { SourceForm } from './source-form.tsx';
import { Sources } from './sources.tsx';

/** A stream of the internet on the horns: which, where, for how long; and the streams that are known. */
export function Relay() {
  const { t } = useTranslation();
  const may = useMay('operator');
  const sources = useQuery(ask('GET /relay-sources'));
  const [edited, setEdited] = useState<RelaySource | 'new' | null>(null);
  const add = (
    <Button
      variant="default"
      leftSection={<IconPlus size={18} />}
      disabled={!may}
      onClick={() => setEdited('new')}
    >
      {t('relay.add')}
    </Button>
  );
  return (
    <div className="studio-form">
      <Answered of={sources} rows={3}>
        {(known) =>
          known.length === 0 ? (
            <Empty text={t('relay.noSources')}>{add}</Empty>
          ) : (
            <>
              <Start sources={known} />
              <Sources sources={known} edit={setEdited} add={add} />
            </>
          )
        }
      </Answered>
      <RelayOver />
      {edited !== null && (
        <SourceForm source={edited === 'new' ? null : edited} close={() => setEdited(null)} />
      )}
    </div>
  );
}

function Start({ sources }: { sources: readonly RelaySource[] }) {
  const { t } = useTranslation();
  const may = useMay('operator');
  const [draft, setDraft, forget] = useDraft<Draft>('relay', FRESH);
  const [asked, setAsked] = useState(false);
  const [sure, setSure] = useState(false);
  const put = (change: Partial<Draft>) => setDraft({ ...draft, ...change });
  const reach = useReach(draft.targets);
  const source =
    sources.find(({ id }) => id === draft.sourceId) ?? (sources.length === 1 ? sources[0] : undefined);
  const go = () => {
    setAsked(true);
    setSure(source !== undefined && reach !== undefined && reach.live > 0);
  };
  return (
    <>
      <Select
        label={t('relay.source')}
        placeholder={t('relay.chooseSource')}
        data={sources.map(({ id, title }) => ({ value: id, label: title }))}
        value={source?.id ?? null}
        onChange={(sourceId) => put({ sourceId })}
        allowDeselect={false}
        searchable={sources.length > 8}
        nothingFoundMessage={t('state.nothingFound')}
        error={asked && source === undefined && t('relay.lackSource')}
      />
      <WhereField
        value={draft.targets}
        onChange={(targets) => put({ targets })}
        reach={reach}
        asked={asked}
        live
      />
      <HowLong minutes={draft.minutes} change={(minutes) => put({ minutes })} />
      <VolumeField one={draft.oneVolume} volume={draft.volume} change={put} disabled={!may} />
      <Button size="lg" leftSection={<IconBroadcast size={22} />} disabled={!may} onClick={go}>
        {reach === undefined || reach.live === 0
          ? t('relay.start')
          : t('studio.start', { label: t('relay.start'), count: reach.liveConnected })}
      </Button>
      {sure && source !== undefined && reach !== undefined && (
        <ConfirmRelay
          draft={draft}
          source={source}
          count={reach.liveConnected}
          close={() => setSure(false)}
          done={() => {
            forget();
            setAsked(false);
            setSure(false);
          }}
        />
      )}
    </>
  );
}

function HowLong({ minutes, change }: { minutes: number; change: (minutes: number) => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const now = useNow(10_000);
  return (
    <fieldset className="plain-group relay-long" aria-label={t('relay.forHowLong')}>
      <span className="field-label">{t('relay.forHowLong')}</span>
      <div className="chips">
        {USUAL_MINUTES.map((usual) => (
          <button
            key={usual}
            type="button"
            className="chip"
            aria-label={t('relay.minutes', { count: usual })}
            aria-pressed={minutes === usual}
            onClick={() => change(usual)}
          >
            {usual}
          </button>
        ))}
        <NumberInput
          className="relay-minutes"
          aria-label={t('relay.forHowLong')}
          value={minutes}
          min={1}
          max={MOST_MINUTES}
          allowDecimal={false}
          clampBehavior="strict"
          suffix={` ${t('relay.minuteShort')}`}
          onChange={(value) => typeof value === 'number' && change(value)}
        />
      </div>
      <p className="hint num">{t('relay.until', { time: format.time(now + minutes * 60_000) })}</p>
    </fieldset>
  );
}

function ConfirmRelay({
  draft,
  source,
  count,
  close,
  done,
}: {
  draft: Draft;
  source: RelaySource;
  count: number;
  close: () => void;
  done: () => void;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const client = useQueryClient();
  const say = useSay();
  const names = useNames(draft.targets);
  const start = useMutation({
    mutationFn: () =>
      api('POST /relays', {
        body: {
          sourceId: source.id,
          targets: draft.targets.map(targetOf),
          minutes: draft.minutes,
          volume: draft.oneVolume ? draft.volume : null,
        },
      }),
    onSuccess: async () => {
      done();
      await Promise.all(
        ['GET /relays', 'GET /broadcasts'].map((name) => client.invalidateQueries({ queryKey: [name] })),
      );
      showOnAir();
    },
    onError: say.failed,
  });
  return (
    <Confirm
      title={t('relay.confirmTitle')}
      what={source.title}
      facts={[
        [t('onAir.where'), names],
        [t('onAir.on'), t('count.devices', { count })],
        [t('relay.forHowLong'), t('relay.minutes', { count: draft.minutes })],
        [t('onAir.volume'), draft.oneVolume ? `${format.number(draft.volume)} %` : t('onAir.ownVolume')],
      ]}
      label={t('studio.start', { label: t('relay.start'), count })}
      busy={start.isPending}
      act={() => start.mutate()}
      close={close}
    />
  );
}
