import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Bulletin } from '#controller/http/contract/bulletins';
import { Shape } from '../../parts/mark.tsx';
import { useFormat } from '../../words/format.ts';
import { BulletinActions } from './bulletin-actions.tsx';
import { LevelBadge } from './level-badge.tsx';
import { bulletinSigns } from './signs.ts';

/** A bulletin that waits, with what is to be done about it. */
export function BulletinCard({ bulletin, open }: { bulletin: Bulletin; open: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { title, text, level, state, sender, wantedAt, expiresAt, receivedAt } = bulletin;
  return (
    <article className="inbox-card" data-level={level} aria-label={title}>
      <header>
        <LevelBadge level={level} />
        <span className="mark" data-tone={bulletinSigns[state].tone}>
          <Shape {...bulletinSigns[state]} />
          {t(`bulletinState.${state}`)}
        </span>
        <span className="dim num">{t('inbox.from', { who: sender, when: format.moment(receivedAt) })}</span>
      </header>
      <h2>{title}</h2>
      {text !== null && <p className="inbox-text">{text}</p>}
      {(wantedAt !== null || expiresAt !== null) && (
        <p className="num inbox-times">
          {wantedAt !== null && <span>{t('bulletins.wanted', { when: format.moment(wantedAt) })}</span>}
          {expiresAt !== null && <span>{t('bulletins.expires', { when: format.moment(expiresAt) })}</span>}
        </p>
      )}
      <p className="hint">{t(`bulletins.next.${state === 'choose' ? 'choose' : level}`)}</p>
      <div className="inbox-actions">
        <BulletinActions bulletin={bulletin} />
        <Button variant="subtle" onClick={open}>
          {t('inbox.details')}
        </Button>
      </div>
    </article>
  );
}
