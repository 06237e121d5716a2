import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { api } from '../../api/client.ts';
import { useLater } from '../../parts/use-later.ts';

/** So many that they can be looked through. */
const SHOWN = 12;

/** What of the text will be read otherwise than it is written, so that nobody is surprised on the air. */
export function ReadAs({ text }: { text: string }) {
  const { t } = useTranslation();
  const settled = useLater(text.trim(), 500);
  const reading = useQuery({
    queryKey: ['POST /speech/reading', settled],
    queryFn: () => api('POST /speech/reading', { body: { text: settled } }),
    enabled: settled !== '',
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
    placeholderData: (before) => before,
  });
  const changes = settled === '' ? [] : (reading.data?.changes ?? []);
  const told = [...new Map(changes.map((change) => [change.from, change])).values()];
  if (told.length === 0) return null;
  return (
    <details className="read-as">
      <summary>{t('speech.readAs', { count: told.length })}</summary>
      <dl>
        {told.slice(0, SHOWN).map(({ from, to }) => (
          <div key={from}>
            <dt>{from}</dt>
            <dd>{to}</dd>
          </div>
        ))}
      </dl>
      {told.length > SHOWN && (
        <p className="hint">{t('speech.readAsMore', { count: told.length - SHOWN })}</p>
      )}
    </details>
  );
}
