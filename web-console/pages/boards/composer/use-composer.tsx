import { createContext, type ReactNode, useCallback, useContext, useMemo, useReducer, useState } from 'react';
import type { SceneItem } from '#devices/scene/item';
import type { ScenePage, Zone } from '#devices/scene/page';
import type { Composition } from './model/composition.ts';
import { changeItem, changePage, changeZone, type Edit } from './model/edits.ts';
import { begun, changed, type History, redone, undone } from './model/history.ts';
import { emptyItem } from './model/items.ts';

export interface Composer {
  readonly composition: Composition;
  /** What is selected; there is always a page, and a zone on it. */
  readonly pageAt: number;
  readonly zoneAt: number;
  readonly page: ScenePage;
  readonly zone: Zone;
  /** @param key the field that is typed into: what is typed together is undone together. */
  readonly edit: (edit: Edit, key?: string) => void;
  readonly editPage: (change: (page: ScenePage) => ScenePage, key?: string) => void;
  readonly editZone: (change: (zone: Zone) => Zone, key?: string) => void;
  readonly editItem: (change: (item: SceneItem) => SceneItem, key?: string) => void;
  readonly select: (page: number, zone?: number) => void;
  readonly undo: () => void;
  readonly redo: () => void;
  readonly canUndo: boolean;
  readonly canRedo: boolean;
  /** Grows with every undoing: what holds letters of its own takes over what was undone. */
  readonly turn: number;
  /** Says something to who cannot see it. */
  readonly announce: (text: string) => void;
}

type Step =
  | { readonly do: 'edit'; readonly edit: Edit; readonly key: string | null; readonly at: number }
  | { readonly do: 'undo' }
  | { readonly do: 'redo' };

function step(history: History<Composition>, action: Step): History<Composition> {
  if (action.do === 'undo') return undone(history);
  if (action.do === 'redo') return redone(history);
  return changed(history, action.edit(history.present), action.key, action.at);
}

const EMPTY_PAGE: ScenePage = { zones: [{ item: emptyItem('notice') }] };
const EMPTY_ZONE: Zone = { item: emptyItem('notice') };
const within = (at: number, count: number): number => Math.min(Math.max(at, 0), Math.max(0, count - 1));

function useComposition(start: Composition): Composer & { said: string } {
  const [history, dispatch] = useReducer(step, start, begun);
  const [selected, setSelected] = useState({ page: 0, zone: 0 });
  const [turn, setTurn] = useState(0);
  const [said, setSaid] = useState('');
  const composition = history.present;
  const pageAt = within(selected.page, composition.pages.length);
  const page = composition.pages[pageAt] ?? EMPTY_PAGE;
  const zoneAt = within(selected.zone, page.zones.length);
  const zone = page.zones[zoneAt] ?? EMPTY_ZONE;
  const edit = useCallback(
    (made: Edit, key?: string) => dispatch({ do: 'edit', edit: made, key: key ?? null, at: Date.now() }),
    [],
  );
  const back = useCallback((way: 'undo' | 'redo') => {
    dispatch({ do: way });
    setTurn((before) => before + 1);
  }, []);
  const select = useCallback((to: number, at = 0) => setSelected({ page: to, zone: at }), []);
  const announce = useCallback((text: string) => setSaid(text), []);
  return useMemo(() => {
    const named = (key: string | undefined) => (key === undefined ? undefined : `${pageAt}.${zoneAt}.${key}`);
    return {
      composition,
      pageAt,
      zoneAt,
      page,
      zone,
      edit,
      editPage: (change, key) => edit(changePage(pageAt, change), named(key)),
      editZone: (change, key) => edit(changeZone(pageAt, zoneAt, change), named(key)),
      editItem: (change, key) => edit(changeItem(pageAt, zoneAt, change), named(key)),
      select,
      undo: () => back('undo'),
      redo: () => back('redo'),
      canUndo: history.past.length > 0,
      canRedo: history.future.length > 0,
      turn,
      announce,
      said,
    };
  }, [composition, pageAt, zoneAt, page, zone, edit, select, back, history, turn, announce, said]);
}

const Composing = createContext<Composer | null>(null);

export function ComposerProvider({ start, children }: { start: Composition; children: ReactNode }) {
  const { said, ...composer } = useComposition(start);
  return (
    <Composing value={composer}>
      {children}
      <div className="visually-hidden" aria-live="polite">
        {said}
      </div>
    </Composing>
  );
}

export function useComposer(): Composer {
  const composer = useContext(Composing);
  if (composer === null) throw new Error('A part of the composer stands outside of it');
  return composer;
}
