import { Button, SegmentedControl } from '@mantine/core';
import { IconBroadcast } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMay } from '../../api/session.ts';
import { useDraft } from '../../parts/use-draft.ts';
import { ContentField } from '../schedules/content-field.tsx';
import { ConfirmPlay } from './confirm-play.tsx';
import { type Draft, FRESH, PRIORITIES } from './draft.ts';
import { useReach } from './reach.ts';
import { VolumeField } from './volume-field.tsx';
import { WhereField } from './where-field.tsx';

/** What, where, how urgent, how loud; nothing is heard before the second tap. */
export function PlayNow({ content }: { content?: string }) {
  const { t } = useTranslation();
  const may = useMay('operator');
  const [draft, setDraft, forget] = useDraft<Draft>('on-air', FRESH);
  const [title, setTitle] = useState('');
  const [asked, setAsked] = useState(false);
  const [sure, setSure] = useState(false);
  const put = (change: Partial<Draft>) => setDraft({ ...draft, ...change });
  const chosen = draft.content ?? content ?? null;
  const reach = useReach(draft.targets);
  const lackContent = asked && chosen === null && t('schedules.lack.content');
  const go = () => {
    setAsked(true);
    setSure(chosen !== null && reach !== undefined && reach.devices > 0);
  };
  return (
    <div className="studio-form">
      <ContentField
        value={chosen}
        onChange={(next, name) => {
          if (name !== undefined) setTitle(name);
          if (next !== chosen) put({ content: next });
        }}
        error={lackContent}
        relays={false}
      />
      <WhereField
        value={draft.targets}
        onChange={(targets) => put({ targets })}
        reach={reach}
        asked={asked}
        live={false}
      />
      <div className="play-now-priority">
        <span className="field-label" id="play-now-priority">
          {t('schedules.priority')}
        </span>
        <SegmentedControl
          fullWidth
          aria-labelledby="play-now-priority"
          value={draft.priority}
          onChange={(value) => {
            const priority = PRIORITIES.find((one) => one === value);
            if (priority !== undefined) put({ priority });
          }}
          data={PRIORITIES.map((value) => ({ value, label: t(`priority.${value}`) }))}
          {...(draft.priority === 'emergency' ? { color: 'red' } : {})}
        />
        <p className="hint">{t(`onAir.means.${draft.priority}`)}</p>
      </div>
      <VolumeField one={draft.oneVolume} volume={draft.volume} change={put} disabled={!may} />
      <Button
        size="lg"
        {...(draft.priority === 'emergency' ? { color: 'red' } : {})}
        leftSection={<IconBroadcast size={22} />}
        disabled={!may}
        onClick={go}
      >
        {t('onAir.playNow')}
      </Button>
      {sure && chosen !== null && reach !== undefined && (
        <ConfirmPlay
          draft={{ ...draft, content: chosen }}
          title={title}
          reach={reach}
          close={() => setSure(false)}
          done={() => {
            forget();
            setAsked(false);
            setSure(false);
          }}
        />
      )}
    </div>
  );
}
