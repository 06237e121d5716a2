import { Alert, Button } from '@mantine/core';
import { IconUserPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Person } from '#controller/http/contract/people';
import { ask } from '../../api/ask.ts';
import { useMay } from '../../api/session.ts';
import { Answered } from '../../parts/answer.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { Section } from '../../parts/section.tsx';
import { SystemParts } from './parts.tsx';
import { PersonForm } from './person-form.tsx';
import { PersonRow } from './person-row.tsx';
import { type Told, ToldOnce } from './told-once.tsx';
import './system.css';
import './people.css';

/** Who may sign in, and what each may do. */
export function People() {
  const { t } = useTranslation();
  const may = useMay('administrator');
  const people = useQuery({ ...ask('GET /people'), enabled: may });
  const [form, setForm] = useState<Person | 'new' | null>(null);
  const [told, setTold] = useState<Told | null>(null);
  return (
    <>
      <PageHead title={t('nav.system')} note={t('people.note')}>
        {may && (
          <Button leftSection={<IconUserPlus size={18} />} onClick={() => setForm('new')}>
            {t('people.add')}
          </Button>
        )}
      </PageHead>
      <SystemParts current="people" />
      {may ? (
        <Section title={t('people.title')}>
          <Answered of={people} rows={3}>
            {(list) => (
              <ul className="people">
                {list.map((person) => (
                  <PersonRow
                    key={person.id}
                    person={person}
                    edit={() => setForm(person)}
                    tell={(password) => setTold({ person, password })}
                  />
                ))}
              </ul>
            )}
          </Answered>
        </Section>
      ) : (
        <Alert variant="light">{t('problem.not-allowed')}</Alert>
      )}
      {form !== null && (
        <PersonForm
          person={form === 'new' ? null : form}
          close={() => setForm(null)}
          made={(made) => {
            setForm(null);
            setTold(made);
          }}
        />
      )}
      {told !== null && <ToldOnce told={told} close={() => setTold(null)} />}
    </>
  );
}
