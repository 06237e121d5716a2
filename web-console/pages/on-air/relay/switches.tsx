import { useTranslation } from 'react-i18next';
import type { RelayRun } from '#controller/http/contract/relays';
import { Shape } from '../../../parts/mark.tsx';
import { useFormat } from '../../../words/format.ts';
import { useReason } from '../../../words/use-reason.ts';
import { hearsSigns } from './signs.ts';

/** More lines than this help nobody; the log has them all. */
const SHOWN = 20;

/** Every change of what was heard, newest first, and why. */
export function Switches({ switches }: { switches: RelayRun['switches'] }) {
  const { t, i18n } = useTranslation();
  const format = useFormat();
  const reasonOf = useReason();
  if (switches.length === 0) return null;
  return (
    <details className="relay-switches">
      <summary>
        {t('relay.switches')} <span className="dim num">· {switches.length}</span>
      </summary>
      <ol>
        {switches
          .toReversed()
          .slice(0, SHOWN)
          .map(({ at, to, reason, detail }) => {
            const key = `relay.because.${reason}`;
            return (
              <li key={`${at} ${to}`}>
                <span className="num dim">{format.second(at)}</span>
                <Shape {...hearsSigns[to]} />
                <span>
                  {t(`relay.to.${to}`)}
                  <span className="dim">
                    {' · '}
                    {i18n.exists(key) ? String(i18n.t(key as never)) : reasonOf(reason)}
                    {detail !== null && ` · ${detail}`}
                  </span>
                </span>
              </li>
            );
          })}
      </ol>
    </details>
  );
}
