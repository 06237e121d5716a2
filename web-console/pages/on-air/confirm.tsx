import { Button, Modal } from '@mantine/core';
import { IconBroadcast } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

/** Says what will be heard where, before it is. @param facts names and what they are, in this order. */
export function Confirm({
  title,
  what,
  facts,
  label,
  red = false,
  busy,
  act,
  close,
}: {
  title: string;
  what: string;
  facts: readonly (readonly [name: string, value: ReactNode])[];
  label: string;
  red?: boolean;
  busy: boolean;
  act: () => void;
  close: () => void;
}) {
  const { t } = useTranslation();
  return (
    <Modal opened onClose={close} title={title} closeButtonProps={{ 'aria-label': t('action.close') }}>
      <div className="confirm">
        <p className="confirm-what">{what}</p>
        <dl className="facts">
          {facts.map(([name, value]) => [<dt key={`${name}?`}>{name}</dt>, <dd key={name}>{value}</dd>])}
        </dl>
        <Button
          size="lg"
          fullWidth
          data-autofocus
          {...(red ? { color: 'red' } : {})}
          leftSection={<IconBroadcast size={22} />}
          loading={busy}
          onClick={act}
        >
          {label}
        </Button>
        <Button variant="default" fullWidth onClick={close}>
          {t('action.cancel')}
        </Button>
      </div>
    </Modal>
  );
}
