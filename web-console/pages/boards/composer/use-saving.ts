import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Programme } from '#controller/http/contract/library';
import { ask } from '../../../api/ask.ts';
import { api } from '../../../api/client.ts';
import { type Composition, contentOf } from './model/composition.ts';
import { wordsIn } from './model/items.ts';
import { forget, keep } from './model/kept.ts';

const LONGEST_TITLE = 80;
/** What is typed is put aside so long after the last letter. */
const KEEP_MS = 400;

/** Cut between words, and said to be cut. */
const shortened = (words: string): string =>
  words.length <= LONGEST_TITLE ? words : `${words.slice(0, LONGEST_TITLE - 1).replace(/\s+\S*$/, '')}…`;

/** What it is called where nobody said: by its first words. */
export function titleOf({ title, pages }: Composition, otherwise: string): string {
  if (title.trim() !== '') return title.trim();
  for (const { zones } of pages)
    for (const { item } of zones) {
      const { heading, text } = wordsIn(item);
      // A heading alone is the same for every notice.
      const words = [heading, text]
        .map((part) => part.replace(/\s+/g, ' ').trim())
        .filter((part) => part !== '')
        .join(': ');
      if (words !== '') return shortened(words);
    }
  return otherwise;
}

/** Keeps what is composed in this browser at once, and in the library when it is asked to. */
export function useSaving(
  composition: Composition,
  programme: Programme | null,
  told: ((id: string) => void) | undefined,
) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const navigate = useNavigate();
  const [saved, setSaved] = useState<{ programme: Programme | null; as: Composition | null }>({
    programme,
    as: null,
  });
  const first = useRef(composition);
  const clean =
    saved.as === null ? composition === first.current && programme !== null : composition === saved.as;
  const id = saved.programme?.id ?? null;
  const base = saved.programme?.updatedAt ?? null;

  useEffect(() => {
    if (clean || (id === null && composition === first.current)) return;
    const put = () => void keep(id, { composition, at: Date.now(), base });
    const timer = window.setTimeout(put, KEEP_MS);
    // Whoever closes the page has not waited for it.
    window.addEventListener('pagehide', put);
    return () => {
      window.clearTimeout(timer);
      window.removeEventListener('pagehide', put);
    };
  }, [composition, clean, id, base]);

  const save = useMutation({
    // Said at once, rather than waited for without a word.
    networkMode: 'always',
    mutationFn: async (asked: Composition) => {
      // Before it is sent: whatever becomes of it on the way, it is here.
      keep(id, { composition: asked, at: Date.now(), base });
      const title = titleOf(asked, t('compose.untitled'));
      const board = contentOf(asked);
      const made =
        id === null
          ? await api('POST /programmes', { body: { title, language: asked.language, board } })
          : await api('PATCH /programmes/{id}', { params: { id }, body: { title, board } });
      return { made, asked };
    },
    onSuccess: ({ made, asked }) => {
      setSaved({ programme: made, as: asked });
      forget(id);
      client.setQueryData(ask('GET /programmes/{id}', { params: { id: made.id } }).queryKey, made);
      void client.invalidateQueries({ queryKey: ['GET /programmes'] });
      if (id !== null) return;
      told?.(made.id);
      void navigate({ to: '/boards/compose', search: { programme: made.id }, replace: true });
    },
  });
  return { save, clean, saved: saved.programme };
}
