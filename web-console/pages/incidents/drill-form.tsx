import { Button, Drawer, Radio, Select, Stack, Textarea, TextInput } from '@mantine/core';
import { IconChecklist } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ask } from '../../api/ask.ts';
import { useDraft } from '../../parts/use-draft.ts';
import { ConfirmAlarm } from '../emergency/confirm-alarm.tsx';
import { type Draft, FRESH, type IncidentBody, ofStored, ofTyped } from '../emergency/draft.ts';
import '../emergency/emergency.css';
import '../on-air/on-air.css';
import { useNames, useReach } from '../on-air/reach.ts';
import { TargetsField } from '../schedules/targets-field.tsx';

const KINDS = ['silent', 'audible'] as const;
/** What stands for a text that is typed instead of a stored message. */
const TYPED = 'typed';

interface DrillDraft extends Draft {
  kind: (typeof KINDS)[number];
  message: string | null;
}
const START: DrillDraft = { ...FRESH, kind: 'silent', message: null, repeats: 1, minutes: 15 };

/** A drill goes the whole way of an alarm; a silent one stops before the first sound. */
export function DrillForm({ close }: { close: () => void }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [draft, setDraft, forget] = useDraft<DrillDraft>('drill', START);
  const [tried, setTried] = useState(false);
  const [body, setBody] = useState<IncidentBody | null>(null);
  const messages = useQuery(ask('GET /stored-messages')).data;
  const names = useNames(draft.targets);
  const reach = useReach(draft.targets);
  const put = (change: Partial<DrillDraft>) => setDraft({ ...draft, ...change });
  const chosen = draft.message ?? messages?.[0]?.id ?? (messages === undefined ? null : TYPED);
  const stored = messages?.find(({ id }) => id === chosen);
  const nobody = reach?.devices === 0 || draft.targets.length === 0;
  const go = () => {
    setTried(true);
    if (nobody) return;
    if (stored !== undefined) setBody({ ...ofStored(draft, stored), drill: draft.kind });
    else if (draft.title.trim() !== '' && draft.text.trim() !== '')
      setBody({ ...ofTyped(draft), drill: draft.kind });
  };
  return (
    <Drawer
      opened
      onClose={close}
      size="lg"
      title={t('drill.start')}
      closeButtonProps={{ 'aria-label': t('action.close') }}
    >
      <Stack>
        <Radio.Group
          label={t('drill.which')}
          value={draft.kind}
          onChange={(value) => put({ kind: KINDS.find((kind) => kind === value) ?? 'silent' })}
        >
          <div className="drill-kinds">
            {KINDS.map((kind) => (
              <Radio
                key={kind}
                value={kind}
                label={t(`drill.kind.${kind}`)}
                description={t(`drill.means.${kind}`)}
              />
            ))}
          </div>
        </Radio.Group>
        <Select
          label={t('drill.message')}
          data={[
            ...(messages?.map(({ id, title }) => ({ value: id, label: title })) ?? []),
            { value: TYPED, label: t('emergency.write') },
          ]}
          value={chosen}
          onChange={(message) => put({ message })}
          allowDeselect={false}
        />
        {stored === undefined && chosen === TYPED && (
          <>
            <TextInput
              label={t('emergency.title')}
              value={draft.title}
              onChange={(event) => put({ title: event.currentTarget.value })}
              error={tried && draft.title.trim() === '' && t('form.titleMissing')}
              maxLength={200}
            />
            <Textarea
              label={t('emergency.text')}
              autosize
              minRows={3}
              value={draft.text}
              onChange={(event) => put({ text: event.currentTarget.value })}
              error={tried && draft.text.trim() === '' && t('emergency.textMissing')}
              maxLength={2_000}
            />
          </>
        )}
        <TargetsField
          value={draft.targets}
          onChange={(targets) => put({ targets })}
          error={tried && nobody && t('onAir.reachesNobody')}
        />
        <Button size="lg" leftSection={<IconChecklist size={20} />} onClick={go}>
          {t('drill.look')}
        </Button>
      </Stack>
      {body !== null && (
        <ConfirmAlarm
          body={body}
          where={names}
          reach={reach}
          close={() => setBody(null)}
          sent={({ id }) => {
            forget();
            close();
            void navigate({ to: '/incidents/$id', params: { id } });
          }}
        />
      )}
    </Drawer>
  );
}
