import { Anchor } from '@mantine/core';
import { IconArrowLeft } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Programme } from '#controller/http/contract/library';
import { ask } from '../../../api/ask.ts';
import { Answered } from '../../../parts/answer.tsx';
import { Empty } from '../../../parts/empty.tsx';
import { Editor } from './editor.tsx';
import { type Composition, compositionOf, freshComposition } from './model/composition.ts';
import { kept } from './model/kept.ts';
import type { TemplateName } from './model/template-names.ts';
import { useFormats } from './start/formats.ts';
import { Start } from './start/start.tsx';
import { useSay } from './start/use-samples.ts';
import { pagesOf } from './templates.ts';
import './composer.css';

const route = getRouteApi('/boards/compose');

/** Something for the boards is composed: chosen, written, looked at, and put up. */
export function Compose() {
  const { t } = useTranslation();
  const { programme, template } = route.useSearch();
  const [begun, setBegun] = useState<Composition | null>(null);
  /** A new one that was saved meanwhile has an address of its own; it stays the same editor. */
  const [own, setOwn] = useState<string | null>(null);
  const known = programme !== undefined && programme !== own;
  return (
    <div className="compose">
      <Anchor className="back" renderRoot={(props) => <Link to="/boards" {...props} />}>
        <IconArrowLeft size={18} aria-hidden /> {t('nav.boards')}
      </Anchor>
      {known ? (
        <Known key={programme} id={programme} />
      ) : begun !== null ? (
        <Editor start={begun} programme={null} saved={setOwn} leave={() => setBegun(null)} />
      ) : template !== undefined ? (
        <Chosen template={template} begin={setBegun} />
      ) : (
        <Start begin={setBegun} />
      )}
    </div>
  );
}

/** The address says which template: the first board's format is taken. */
function Chosen({ template, begin }: { template: TemplateName; begin: (composition: Composition) => void }) {
  const say = useSay();
  const formats = useFormats();
  const format = formats?.[0];
  useEffect(() => {
    if (format === undefined) return;
    const { width, height, pitchMm } = format;
    begin(freshComposition({ width, height, pitchMm }, template, pagesOf(template, say, format)));
  }, [format, template, say, begin]);
  return null;
}

function Known({ id }: { id: string }) {
  const programme = useQuery(ask('GET /programmes/{id}', { params: { id } }));
  return <Answered of={programme}>{(data) => <Opened programme={data} />}</Answered>;
}

/** Opened once: what comes over the live link meanwhile does not write over what is being composed. */
function Opened({ programme }: { programme: Programme }) {
  const { t } = useTranslation();
  const [first] = useState(programme);
  const [draft] = useState(() => kept(programme.id));
  const saved = compositionOf(first);
  const composition = draft?.composition ?? saved;
  if (composition === null) return <Empty text={t('compose.notForBoards')} />;
  return (
    <Editor
      start={composition}
      programme={first}
      restored={draft === null ? null : saved}
      meanwhile={draft !== null && draft.base !== first.updatedAt}
    />
  );
}
