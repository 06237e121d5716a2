import { useEffect } from 'react';

/** Ctrl+Z, Ctrl+Shift+Z and Ctrl+Y, wherever the focus is: a field's own undoing would know of one field only. */
export function useUndoKeys(undo: () => void, redo: () => void): void {
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if (!(event.ctrlKey || event.metaKey) || event.altKey || event.isComposing) return;
      const key = event.key.toLowerCase();
      const way = key === 'z' ? (event.shiftKey ? redo : undo) : key === 'y' && !event.shiftKey ? redo : null;
      if (way === null) return;
      event.preventDefault();
      way();
    };
    window.addEventListener('keydown', pressed, { capture: true });
    return () => window.removeEventListener('keydown', pressed, { capture: true });
  }, [undo, redo]);
}
