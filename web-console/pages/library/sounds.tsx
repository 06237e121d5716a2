import { Button } from '@mantine/core';
import { IconMessage2 } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ask } from '../../api/ask.ts';
import { useMay } from '../../api/session.ts';
import { useWatched } from '../../live/store.ts';
import { Answered } from '../../parts/answer.tsx';
import { Empty } from '../../parts/empty.tsx';
import { SearchField } from '../../parts/search-field.tsx';
import { matches } from '../../words/search.ts';
import { SoundRow } from './sound-row.tsx';
import { Speech } from './speech.tsx';
import { UploadButton } from './upload.tsx';
import { UploadRow } from './upload-row.tsx';
import { uploads } from './uploads.ts';

export function Sounds() {
  const { t } = useTranslation();
  const may = useMay('operator');
  const assets = useQuery(ask('GET /assets'));
  const sending = useWatched(uploads, (all) => all);
  const [typed, setTyped] = useState('');
  const [speaking, setSpeaking] = useState(false);
  return (
    <>
      <div className="filters">
        <SearchField grow label={t('library.searchSounds')} value={typed} change={setTyped} />
        <Button
          variant="default"
          leftSection={<IconMessage2 size={18} />}
          onClick={() => setSpeaking(true)}
          disabled={!may}
        >
          {t('library.speak')}
        </Button>
      </div>
      <ul className="cards" aria-label={t('library.tab.sounds')}>
        {sending.map((upload) => (
          <UploadRow key={upload.key} upload={upload} />
        ))}
      </ul>
      <Answered of={assets} rows={4} height={76}>
        {(data) => {
          const found = data.filter((asset) => matches(typed, asset.title, asset.filename));
          if (found.length === 0 && sending.length === 0)
            return (
              <Empty text={t(data.length === 0 ? 'library.noSounds' : 'state.nothingFound')}>
                {data.length === 0 && <UploadButton />}
              </Empty>
            );
          return (
            <ul className="cards" aria-label={t('library.tab.sounds')}>
              {found.map((asset) => (
                <SoundRow key={asset.id} asset={asset} />
              ))}
            </ul>
          );
        }}
      </Answered>
      <Speech opened={speaking} close={() => setSpeaking(false)} />
    </>
  );
}
