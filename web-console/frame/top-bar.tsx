import { useTranslation } from 'react-i18next';
import { useSession } from '../api/session.ts';
import { link } from '../live/link.ts';
import { useWatched } from '../live/store.ts';
import { Shape } from '../parts/mark.tsx';
import { useNow } from '../parts/use-now.ts';
import { useFormat } from '../words/format.ts';
import { PersonMenu } from './person-menu.tsx';
import { RedButton } from './red-button.tsx';
import { StopAll } from './stop-all.tsx';

/** The site's clock is here because every time on the screen is told by it. */
export function TopBar() {
  const { t } = useTranslation();
  const { site } = useSession();
  const format = useFormat();
  const now = useNow(1_000);
  const state = useWatched(link, (value) => value);
  return (
    <header className="top-bar">
      <span className="top-site">{site.name}</span>
      <span className="top-clock" title={site.zone}>
        <strong className="num">{format.second(now)}</strong>
        <span className="top-day">{format.fullDay(now)}</span>
      </span>
      <span className="top-link" data-up={state.up}>
        <Shape
          shape={state.up ? 'full' : state.known ? 'cross' : 'ring'}
          tone={state.up ? 'good' : state.known ? 'bad' : 'quiet'}
          size={10}
        />
        {t(state.up ? 'frame.linkUp' : state.known ? 'frame.linkDown' : 'frame.linkOpening')}
      </span>
      <RedButton className="top-alarm" />
      <StopAll className="top-stop" />
      <PersonMenu />
    </header>
  );
}
