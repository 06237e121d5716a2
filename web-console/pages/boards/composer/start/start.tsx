import { Button } from '@mantine/core';
import { IconArrowRight, IconTrash } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { PageHead } from '../../../../parts/page-head.tsx';
import { Section } from '../../../../parts/section.tsx';
import { useFormat } from '../../../../words/format.ts';
import { Still } from '../../scene/still.tsx';
import { type Composition, type Format, freshComposition, sceneOf } from '../model/composition.ts';
import { forget, type Kept, kept } from '../model/kept.ts';
import { TEMPLATES, type TemplateName } from '../model/template-names.ts';
import { pagesOf } from '../templates.ts';
import { FormatPicker } from './format-picker.tsx';
import { formatKey, useFormats } from './formats.ts';
import { useSay } from './use-samples.ts';
import './start.css';

/** Which board, which template: two taps, and one composes. */
export function Start({ begin }: { begin: (composition: Composition) => void }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const [chosen, setChosen] = useState<Format | null>(null);
  const [draft, setDraft] = useState(() => kept(null));
  const format = chosen ?? formats?.[0];
  return (
    <>
      <PageHead title={t('compose.title')} note={t('compose.note')} />
      <div className="start">
        {draft !== null && (
          <Draft
            draft={draft}
            open={() => begin(draft.composition)}
            drop={() => {
              forget(null);
              setDraft(null);
            }}
          />
        )}
        {formats !== undefined && format !== undefined && (
          <>
            <Section title={t('compose.whichBoard')} plain>
              <FormatPicker formats={formats} value={formatKey(format)} onChange={setChosen} />
            </Section>
            <Section title={t('compose.whichTemplate')} plain>
              <ul className="templates">
                {TEMPLATES.map((name) => (
                  <li key={name}>
                    <Template name={name} format={format} begin={begin} />
                  </li>
                ))}
              </ul>
            </Section>
          </>
        )}
      </div>
    </>
  );
}

function Template({
  name,
  format,
  begin,
}: {
  name: TemplateName;
  format: Format;
  begin: (composition: Composition) => void;
}) {
  const { t } = useTranslation();
  const say = useSay();
  const { width, height, pitchMm } = format;
  const composition = useMemo(
    () => freshComposition({ width, height, pitchMm }, name, pagesOf(name, say, { width, height })),
    [name, say, width, height, pitchMm],
  );
  const scene = useMemo(() => sceneOf(composition), [composition]);
  return (
    <button type="button" className="template" onClick={() => begin(composition)}>
      <span className="template-board" data-tall={height > width}>
        <Still scene={scene} width={width} height={height} label="" />
      </span>
      <strong>{t(`compose.template.${name}.name`)}</strong>
      <span className="dim">{t(`compose.template.${name}.for`)}</span>
    </button>
  );
}

function Draft({ draft, open, drop }: { draft: Kept; open: () => void; drop: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { composition, at } = draft;
  const scene = useMemo(() => sceneOf(composition), [composition]);
  const { width, height } = composition.format;
  return (
    <section className="draft" aria-label={t('compose.draft')}>
      <span className="draft-board">
        <Still scene={scene} width={width} height={height} label="" />
      </span>
      <div>
        <strong>{composition.title === '' ? t('compose.untitled') : composition.title}</strong>
        <p className="hint">{t('compose.draftOf', { when: format.moment(at) })}</p>
      </div>
      <div className="page-actions">
        <Button rightSection={<IconArrowRight size={18} />} onClick={open}>
          {t('compose.goOn')}
        </Button>
        <Button variant="subtle" color="red" leftSection={<IconTrash size={18} />} onClick={drop}>
          {t('compose.dropDraft')}
        </Button>
      </div>
    </section>
  );
}
