import { Alert, Select, Slider, Switch, Textarea } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { ask } from '../../api/ask.ts';
import { useFormat } from '../../words/format.ts';
import { Listening } from './listening.tsx';
import { ReadAs } from './read-as.tsx';
import './speech.css';
import { lengthOf, type SpokenText, wordsOf } from './text.ts';

/** A text, how it will be read, by whom and how fast; and to hear it before anybody else does. */
export function SpeechFields({
  value,
  change,
  tried,
  rows = 6,
}: {
  value: SpokenText;
  change: (value: SpokenText) => void;
  tried: boolean;
  rows?: number;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const id = useId();
  const engine = useQuery(ask('GET /speech/voices')).data;
  const words = wordsOf(value.text);
  const put = (part: Partial<SpokenText>) => change({ ...value, ...part });
  // The embedded engine has a hundred languages; a village needs its own and, for guests, English.
  const voices = (engine?.voices ?? []).filter(
    ({ languages }) => engine?.engine !== 'embedded' || languages.some((tag) => /^(vi|en)\b/.test(tag)),
  );
  return (
    <>
      <Textarea
        label={t('speech.text')}
        description={t('speech.hint')}
        autosize
        minRows={rows}
        maxRows={18}
        value={value.text}
        onChange={(event) => put({ text: event.currentTarget.value })}
        error={tried && words === 0 && t('speech.textMissing')}
        maxLength={20_000}
      />
      <ReadAs text={value.text} />
      {engine !== undefined && !engine.reachable && (
        <Alert color="yellow" title={t('speech.engineAway')}>
          {t('speech.engineAwayHint')}
        </Alert>
      )}
      {voices.length > 1 && (
        <Select
          label={t('speech.voice')}
          placeholder={t('speech.voiceOfLanguage')}
          data={voices.map((voice) => ({ value: voice.id, label: voice.name }))}
          value={value.voice}
          onChange={(voice) => put({ voice })}
          searchable
          clearable
          clearButtonProps={{ 'aria-label': t('action.clear') }}
        />
      )}
      <div className="percent">
        <div className="percent-head">
          <span id={id}>{t('speech.speed')}</span>
          <span className="num dim">
            {t('speech.percent', { value: value.pace })}
            {words > 0 && ` · ${t('speech.about', { span: format.span(lengthOf(value)) })}`}
          </span>
        </div>
        <Slider
          min={60}
          max={160}
          step={5}
          label={null}
          size="lg"
          thumbSize={26}
          marks={[{ value: 100 }]}
          value={value.pace}
          onChange={(pace) => put({ pace })}
          thumbProps={{ 'aria-labelledby': id }}
        />
      </div>
      <Switch
        size="md"
        label={t('speech.chime')}
        checked={value.chime}
        onChange={(event) => put({ chime: event.currentTarget.checked })}
      />
      <Listening value={value} />
    </>
  );
}
