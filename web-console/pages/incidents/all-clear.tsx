import { Button, Modal, Textarea } from '@mantine/core';
import { IconCircleCheck } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Incident } from '#controller/http/contract/incidents';
import { api } from '../../api/client.ts';
import { useProblemText } from '../../parts/problem.tsx';
import { useWhere } from '../on-air/use-where.ts';
import { useIncidentChange } from './use-incident-change.ts';

/** It is over: everywhere, with words or without; the second tap says where. */
export function AllClear({ incident, close }: { incident: Incident; close: () => void }) {
  const { t } = useTranslation();
  const textOf = useProblemText();
  const where = useWhere();
  const { id, counts, targets, drill } = incident;
  const [text, setText] = useState(() => (drill === 'silent' ? '' : t('allClear.usual')));
  const clear = useIncidentChange(() => {
    const said = text.trim();
    return api('POST /incidents/{id}/all-clear', {
      params: { id },
      body: { text: said === '' ? null : said },
    });
  }, close);
  return (
    <Modal
      opened
      onClose={close}
      title={t('allClear.title')}
      closeButtonProps={{ 'aria-label': t('action.close') }}
    >
      <div className="confirm">
        <p className="hint">{t('allClear.means')}</p>
        {drill !== 'silent' && (
          <Textarea
            label={t('allClear.text')}
            description={t('allClear.textHint')}
            autosize
            minRows={2}
            maxRows={8}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
            maxLength={2_000}
          />
        )}
        <div role="alert">{clear.isError && <p className="incident-reason">{textOf(clear.error)}</p>}</div>
        <Button
          size="lg"
          fullWidth
          data-autofocus
          className="alarm-button"
          leftSection={<IconCircleCheck size={24} />}
          loading={clear.isPending}
          onClick={() => clear.mutate(undefined)}
        >
          {t('allClear.go', { count: counts.asked, where: where(targets) })}
        </Button>
        <Button variant="default" fullWidth onClick={close}>
          {t('action.cancel')}
        </Button>
      </div>
    </Modal>
  );
}
