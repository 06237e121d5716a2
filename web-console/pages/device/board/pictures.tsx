import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { ask } from '../../../api/ask.ts';
import { addressOf } from '../../../api/client.ts';
import { Answered } from '../../../parts/answer.tsx';
import { Section } from '../../../parts/section.tsx';
import { useFormat } from '../../../words/format.ts';

const SHOWN = 12;

/** The pictures that the board sent, the newest first; each opens at its full size. */
export function Pictures({ id, name }: { id: string; name: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const pictures = useQuery(ask('GET /boards/{id}/pictures', { params: { id } }));
  return (
    <Section title={t('boards.pictures')}>
      <div className="pad">
        <Answered of={pictures} rows={1} height={96}>
          {(all) =>
            all.length === 0 ? (
              <p className="hint">{t('device.noPicture')}</p>
            ) : (
              <ol className="board-pictures">
                {all.slice(0, SHOWN).map((picture) => {
                  const address = addressOf('GET /evidence/{id}', { params: { id: picture.id } });
                  const when = format.moment(picture.at);
                  return (
                    <li key={picture.id}>
                      <a href={address} target="_blank" rel="noreferrer">
                        <img src={address} alt={t('device.pictureOf', { name, when })} loading="lazy" />
                        <span className="num">{when}</span>
                      </a>
                    </li>
                  );
                })}
              </ol>
            )
          }
        </Answered>
      </div>
    </Section>
  );
}
