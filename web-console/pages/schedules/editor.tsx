import { Anchor } from '@mantine/core';
import { IconArrowLeft } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ask } from '../../api/ask.ts';
import { Answered } from '../../parts/answer.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { useFormat } from '../../words/format.ts';
import { draftOf, freshDraft } from './draft.ts';
import { EditorForm } from './editor-form.tsx';
import './schedules.css';
import './editor.css';

const route = getRouteApi('/schedules/$id');

export function ScheduleEditor() {
  const { t } = useTranslation();
  const { id } = route.useParams();
  return (
    <>
      <Anchor className="back" renderRoot={(props) => <Link to="/schedules" {...props} />}>
        <IconArrowLeft size={18} aria-hidden /> {t('nav.schedules')}
      </Anchor>
      {id === 'new' ? <New /> : <Known key={id} id={id} />}
    </>
  );
}

function New() {
  const { t } = useTranslation();
  const { place } = useFormat();
  const { programme, date } = route.useSearch();
  const [start] = useState(() => freshDraft(date ?? place.dateOf(Date.now()), programme));
  return (
    <>
      <PageHead title={t('schedules.add')} />
      <EditorForm start={start} schedule={null} draftName={`schedule.new.${programme ?? ''}`} />
    </>
  );
}

function Known({ id }: { id: string }) {
  const { place } = useFormat();
  const schedule = useQuery(ask('GET /schedules/{id}', { params: { id } }));
  return (
    <Answered of={schedule} rows={5} height={80}>
      {(data) => (
        <>
          <PageHead title={data.title} />
          <EditorForm
            start={draftOf(data, place.dateOf(Date.now()))}
            schedule={data}
            draftName={`schedule.${id}.${data.updatedAt}`}
          />
        </>
      )}
    </Answered>
  );
}
