import { useEffect } from 'react';
import { useWatched, Watched } from '../../live/store.ts';

const STORED = 'loa.studio-dark';

const wish = new Watched(localStorage.getItem(STORED) === 'yes');
const here = new Watched(false);
/** Whether the screen is dark whatever the person chose for the rest of the console: in the studio, by choice. */
export const studioDark = new Watched(false);
const decide = () => studioDark.set(wish.value && here.value);
wish.watch(decide);
here.watch(decide);

/** For the studio's page. @returns whether it is dark by choice, and what chooses. */
export function useStudioDark(): [dark: boolean, choose: (dark: boolean) => void] {
  useEffect(() => {
    here.set(true);
    return () => here.set(false);
  }, []);
  const dark = useWatched(wish, (value) => value);
  return [
    dark,
    (next) => {
      localStorage.setItem(STORED, next ? 'yes' : 'no');
      wish.set(next);
    },
  ];
}
