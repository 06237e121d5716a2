import { Button, Modal, NumberInput, Switch, Textarea } from '@mantine/core';
import { IconSend } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Incident } from '#controller/http/contract/incidents';
import { api } from '../../api/client.ts';
import { useProblemText } from '../../parts/problem.tsx';
import { useDraft } from '../../parts/use-draft.ts';
import { useWhere } from '../on-air/use-where.ts';
import { useIncidentChange } from './use-incident-change.ts';

const FRESH = { text: '', siren: false, repeats: 2 };

/** A further message to the same devices. */
export function UpdateForm({ incident, close }: { incident: Incident; close: () => void }) {
  const { t } = useTranslation();
  const textOf = useProblemText();
  const where = useWhere();
  const { id, counts, targets } = incident;
  const [draft, put, forget] = useDraft(`incident-${id}`, FRESH);
  const [tried, setTried] = useState(false);
  const send = useIncidentChange(
    () => api('POST /incidents/{id}/update', { params: { id }, body: { ...draft, text: draft.text.trim() } }),
    () => {
      forget();
      close();
    },
  );
  const empty = draft.text.trim() === '';
  return (
    <Modal
      opened
      onClose={close}
      title={t('incidentUpdate.title')}
      closeButtonProps={{ 'aria-label': t('action.close') }}
    >
      <div className="confirm">
        <Textarea
          label={t('emergency.text')}
          description={t('emergency.textHint')}
          autosize
          minRows={4}
          maxRows={12}
          value={draft.text}
          onChange={(event) => put({ ...draft, text: event.currentTarget.value })}
          error={tried && empty && t('emergency.textMissing')}
          maxLength={2_000}
          data-autofocus
        />
        <Switch
          size="md"
          label={t('incidentUpdate.siren')}
          checked={draft.siren}
          onChange={(event) => put({ ...draft, siren: event.currentTarget.checked })}
        />
        <NumberInput
          label={t('emergency.repeats')}
          value={draft.repeats}
          onChange={(repeats) => typeof repeats === 'number' && put({ ...draft, repeats })}
          min={1}
          max={10}
          allowDecimal={false}
          clampBehavior="strict"
        />
        <div role="alert">{send.isError && <p className="incident-reason">{textOf(send.error)}</p>}</div>
        <Button
          color="red"
          size="lg"
          fullWidth
          className="alarm-button"
          leftSection={<IconSend size={22} />}
          loading={send.isPending}
          onClick={() => {
            setTried(true);
            if (!empty) send.mutate(undefined);
          }}
        >
          {t('incidentUpdate.send', { count: counts.asked, where: where(targets) })}
        </Button>
        <Button variant="default" fullWidth onClick={close}>
          {t('action.cancel')}
        </Button>
      </div>
    </Modal>
  );
}
