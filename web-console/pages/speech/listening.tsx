import { Button } from '@mantine/core';
import { IconHeadphones, IconPlayerStop } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMay } from '../../api/session.ts';
import { spoken } from '../../api/sound.ts';
import { useSay } from '../../parts/undo.tsx';
import { type SpokenText, wishOf } from './text.ts';

/** The beginning of a long text tells enough of how it sounds. */
const MOST_CHARACTERS = 2_000;

/** Hears the text as it will be spoken, on this phone only. */
export function Listening({ value }: { value: SpokenText }) {
  const { t } = useTranslation();
  const may = useMay('operator');
  const say = useSay();
  const [sound, setSound] = useState<string | null>(null);
  const asked = useRef<AbortController>(null);
  const { text, voice, speed } = wishOf(value);
  const listen = useMutation({
    mutationFn: async () => {
      asked.current = new AbortController();
      return spoken({ text: text.slice(0, MOST_CHARACTERS), voice, speed }, asked.current.signal);
    },
    onSuccess: (blob) => setSound(URL.createObjectURL(blob)),
    onError: (error) => {
      if (asked.current?.signal.aborted !== true) say.failed(error);
    },
  });
  // What was heard, or is being made to be heard, is of another text now.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the parts of the wish are what counts
  useEffect(() => {
    asked.current?.abort();
    setSound(null);
  }, [text, voice, speed]);
  useEffect(() => () => (sound === null ? undefined : URL.revokeObjectURL(sound)), [sound]);
  useEffect(() => () => asked.current?.abort(), []);
  if (sound !== null) {
    return (
      // biome-ignore lint/a11y/useMediaCaption: the words stand above
      <audio className="listening" src={sound} controls autoPlay aria-label={t('speech.listen')} />
    );
  }
  return listen.isPending ? (
    <Button
      variant="default"
      leftSection={<IconPlayerStop size={18} />}
      onClick={() => {
        asked.current?.abort();
        listen.reset();
      }}
    >
      {t('speech.listenStop')}
    </Button>
  ) : (
    <Button
      variant="default"
      leftSection={<IconHeadphones size={18} />}
      disabled={!may || text === ''}
      onClick={() => listen.mutate()}
    >
      {t('speech.listen')}
    </Button>
  );
}
