import { Button, Textarea } from '@mantine/core';
import { IconVolume } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { addressOf } from '../../api/client.ts';
import { problemOf, unreachable } from '../../api/problem.ts';
import { useMay } from '../../api/session.ts';
import { useProblemText } from '../../parts/problem.tsx';

/** Hears what the settings that are saved sound like. */
export function TryVoice() {
  const { t } = useTranslation();
  const textOf = useProblemText();
  const may = useMay('operator');
  const [text, setText] = useState(() => t('speechPolicy.tryText'));
  const [sound, setSound] = useState<string | null>(null);
  useEffect(
    () => () => {
      if (sound !== null) URL.revokeObjectURL(sound);
    },
    [sound],
  );
  const speak = useMutation({
    mutationFn: () => spoken(text.trim()),
    onSuccess: (blob) => setSound(URL.createObjectURL(blob)),
  });
  return (
    <div className="policy-block voice-try">
      <h3>{t('speechPolicy.try')}</h3>
      <Textarea
        label={t('speechPolicy.tryLabel')}
        description={t('speechPolicy.tryHint')}
        autosize
        minRows={2}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        maxLength={2_000}
        disabled={!may}
      />
      <div className="page-actions">
        <Button
          variant="default"
          leftSection={<IconVolume size={18} />}
          disabled={!may || text.trim() === ''}
          loading={speak.isPending}
          onClick={() => speak.mutate()}
        >
          {t('speechPolicy.tryGo')}
        </Button>
        {sound !== null && (
          // biome-ignore lint/a11y/useMediaCaption: the words stand above it
          <audio src={sound} controls autoPlay aria-label={t('speechPolicy.try')} />
        )}
      </div>
      <div role="alert">{speak.isError && <p className="policy-lacks">{textOf(speak.error)}</p>}</div>
    </div>
  );
}

/** @throws ProblemError when it was not spoken. */
async function spoken(text: string): Promise<Blob> {
  let response: Response;
  try {
    response = await fetch(addressOf('POST /speech/preview', { body: { text } }), {
      method: 'POST',
      credentials: 'same-origin',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ text }),
    });
  } catch (error) {
    throw unreachable(error);
  }
  if (!response.ok) throw problemOf(response.status, await response.text());
  return response.blob();
}
