import { Alert, Button, FileButton } from '@mantine/core';
import { IconFileText } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { Paragraph } from '#devices/scene/text';
import { useProblemText } from '../../../../parts/problem.tsx';
import { sendFile } from '../visuals/send.ts';

/** Takes the text out of a DOCX or PDF document. */
export function DocumentButton({
  empty,
  take,
}: {
  empty: boolean;
  /** @param instead whether it takes the place of what stands there. */
  take: (paragraphs: Paragraph[], instead: boolean) => void;
}) {
  const { t } = useTranslation();
  const textOf = useProblemText();
  const again = useRef<() => void>(null);
  const read = useMutation({
    mutationFn: (file: File) => sendFile('POST /documents/text', { filename: file.name.slice(-255) }, file),
    onSuccess: ({ paragraphs }) => take(paragraphs, empty),
  });
  return (
    <div>
      <FileButton
        resetRef={again}
        accept=".docx,.pdf,application/pdf,application/vnd.openxmlformats-officedocument.wordprocessingml.document"
        inputProps={{ 'aria-label': t('compose.fromDocument') }}
        onChange={(file) => {
          if (file !== null) read.mutate(file);
          again.current?.();
        }}
      >
        {(props) => (
          <Button
            {...props}
            variant="default"
            leftSection={<IconFileText size={18} />}
            loading={read.isPending}
          >
            {t('compose.fromDocument')}
          </Button>
        )}
      </FileButton>
      <div role="status">
        {read.data !== undefined && (
          <p className="hint">
            {t('compose.documentRead', { count: read.data.paragraphs.length })}
            {read.data.left.length > 0 &&
              ` ${t('compose.documentLeft', { what: read.data.left.map((part) => t(`compose.left.${part}`)).join(', ') })}`}
          </p>
        )}
      </div>
      <div role="alert">
        {read.isError && (
          <Alert color="red" variant="light">
            {textOf(read.error)}
          </Alert>
        )}
      </div>
    </div>
  );
}
