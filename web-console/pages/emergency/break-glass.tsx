import { Button, Textarea } from '@mantine/core';
import { IconHammer } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

const LEAST = 3;

/** Nobody else is there: one person sends it alone, says why, and is asked about it afterwards. */
export function BreakGlass({
  busy,
  devices,
  typing,
  act,
}: {
  busy: boolean;
  /** Where it will sound, in words. */
  devices: string;
  typing?: (typed: boolean) => void;
  act: (reason: string) => void;
}) {
  const { t } = useTranslation();
  const [reason, setReason] = useState('');
  const [tried, setTried] = useState(false);
  const short = reason.trim().length < LEAST;
  return (
    <details className="break-glass">
      <summary>{t('breakGlass.title')}</summary>
      <div className="break-glass-form">
        <p className="hint">{t('breakGlass.means')}</p>
        <Textarea
          label={t('breakGlass.reason')}
          placeholder={t('breakGlass.placeholder')}
          autosize
          minRows={2}
          value={reason}
          onChange={(event) => {
            setReason(event.currentTarget.value);
            typing?.(event.currentTarget.value !== '');
          }}
          error={tried && short && t('breakGlass.missing')}
          maxLength={500}
        />
        <Button
          color="red"
          variant="outline"
          fullWidth
          className="alarm-button"
          leftSection={<IconHammer size={20} />}
          loading={busy}
          onClick={() => {
            setTried(true);
            if (!short) act(reason.trim());
          }}
        >
          {t('breakGlass.go', { devices })}
        </Button>
      </div>
    </details>
  );
}
