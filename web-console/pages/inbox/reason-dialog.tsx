import { Button, Modal, Textarea } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useProblemText } from '../../parts/problem.tsx';

const LEAST = 3;

/** What is not done to what others sent is not done with a reason. */
export function ReasonDialog({
  title,
  hint,
  go,
  act,
  done,
  close,
}: {
  title: string;
  hint: string;
  go: string;
  act: (reason: string) => Promise<unknown>;
  done: () => void;
  close: () => void;
}) {
  const { t } = useTranslation();
  const textOf = useProblemText();
  const [reason, setReason] = useState('');
  const [tried, setTried] = useState(false);
  const short = reason.trim().length < LEAST;
  const acting = useMutation({
    mutationFn: () => act(reason.trim()),
    onSuccess: () => {
      done();
      close();
    },
  });
  return (
    <Modal opened onClose={close} title={title} closeButtonProps={{ 'aria-label': t('action.close') }}>
      <div className="sure">
        <p className="hint">{hint}</p>
        <Textarea
          label={t('inbox.reason')}
          autosize
          minRows={3}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
          error={tried && short && t('inbox.reasonMissing')}
          maxLength={500}
          data-autofocus
        />
        <div role="alert">{acting.isError && <p className="inbox-error">{textOf(acting.error)}</p>}</div>
        <Button
          fullWidth
          loading={acting.isPending}
          onClick={() => {
            setTried(true);
            if (!short) acting.mutate();
          }}
        >
          {go}
        </Button>
        <Button variant="default" fullWidth onClick={close}>
          {t('action.cancel')}
        </Button>
      </div>
    </Modal>
  );
}
