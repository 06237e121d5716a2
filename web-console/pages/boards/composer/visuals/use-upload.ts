import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import type { Visual } from '#controller/http/contract/visuals';
import { ask } from '../../../../api/ask.ts';
import { sendFile } from './send.ts';

const titleOf = (filename: string): string =>
  filename
    .replace(/\.[^.]+$/, '')
    .replace(/_+/g, ' ')
    .trim()
    .slice(0, 200);

/** An upload into the library of pictures: how far it came, and calling it off. */
export function useUpload(done: (visual: Visual) => void) {
  const client = useQueryClient();
  const [sent, setSent] = useState(0);
  const abort = useRef<AbortController>(null);
  const upload = useMutation({
    mutationFn: (file: File) => {
      abort.current = new AbortController();
      setSent(0);
      const title = titleOf(file.name);
      return sendFile(
        'POST /visuals',
        { filename: file.name.slice(-255), ...(title === '' ? {} : { title }) },
        file,
        { sent: (bytes) => setSent(file.size === 0 ? 1 : bytes / file.size), signal: abort.current.signal },
      );
    },
    onSuccess: (visual) => {
      client.setQueryData(ask('GET /visuals/{id}', { params: { id: visual.id } }).queryKey, visual);
      void client.invalidateQueries({ queryKey: ['GET /visuals'] });
      done(visual);
    },
  });
  const calledOff = upload.error instanceof DOMException;
  return {
    start: (file: File) => upload.mutate(file),
    stop: () => abort.current?.abort(),
    sending: upload.isPending,
    /** 0 to 1. */
    sent,
    error: calledOff ? null : upload.error,
  };
}
