import { Alert, Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Programme } from '#controller/http/contract/library';
import { useMay } from '../../../api/session.ts';
import { useProblemText } from '../../../parts/problem.tsx';
import { useSay } from '../../../parts/undo.tsx';
import { ItemFields } from './items/item-fields.tsx';
import { Findings } from './lint/findings.tsx';
import { useFindings } from './lint/use-findings.ts';
import type { Composition } from './model/composition.ts';
import { forget } from './model/kept.ts';
import { PageFields } from './pages/page-fields.tsx';
import { PageStrip } from './pages/page-strip.tsx';
import { Stage } from './preview/stage.tsx';
import { usePreview } from './preview/use-preview.ts';
import { PublishSheet } from './publish/publish-sheet.tsx';
import { TopBar } from './top-bar.tsx';
import { useComposer } from './use-composer.tsx';
import { useUndoKeys } from './use-keys.ts';
import { useSaving } from './use-saving.ts';
import { LayoutPicker } from './zones/layout-picker.tsx';
import { PlaceFields } from './zones/place-fields.tsx';
import { ZoneTabs } from './zones/zone-tabs.tsx';

/** The board large, what is wrong with it beside it, and the fields of what is chosen. */
export function Body({
  programme,
  restored,
  meanwhile,
  saved,
  leave,
}: {
  programme: Programme | null;
  restored: Composition | null;
  meanwhile: boolean;
  saved?: (id: string) => void;
  leave?: () => void;
}) {
  const { t } = useTranslation();
  const textOf = useProblemText();
  const say = useSay();
  const may = useMay('operator');
  const { composition, pageAt, edit, undo, redo } = useComposer();
  const preview = usePreview(composition);
  const [night, setNight] = useState(false);
  const findings = useFindings(composition, preview, night);
  const saving = useSaving(composition, programme, saved);
  const [draftShown, setDraftShown] = useState(restored !== null);
  const [publishing, publish] = useDisclosure(false);
  const [held, setHeld] = useState(false);
  useUndoKeys(undo, redo);

  const { save } = saving;
  const putUp = () => {
    if (findings.errors > 0) {
      setHeld(true);
      document.getElementById('findings')?.scrollIntoView({ block: 'nearest' });
      return;
    }
    setHeld(false);
    if (saving.clean) publish.open();
    else save.mutate(composition, { onSuccess: publish.open });
  };
  const keepIt = () => save.mutate(composition, { onSuccess: () => say.done(t('compose.saved')) });
  const first = preview.starts[pageAt] ?? 0;
  const reads = preview.show?.pages[first]?.dwellMs ?? null;
  return (
    <>
      <TopBar saving={saving} {...(leave === undefined ? {} : { leave })} />
      {draftShown && restored !== null && (
        <Alert className="draft-note" variant="light" {...(meanwhile ? { color: 'yellow' } : {})}>
          {t(meanwhile ? 'compose.draftBehind' : 'compose.draftRestored')}{' '}
          <Button
            size="compact-md"
            variant="subtle"
            onClick={() => {
              edit(() => restored);
              if (programme !== null) forget(programme.id);
              setDraftShown(false);
            }}
          >
            {t('compose.dropDraft')}
          </Button>
        </Alert>
      )}
      <div className="composer">
        <div className="composer-board">
          <Stage preview={preview} viewingMetres={findings.viewingMetres} night={night} setNight={setNight} />
        </div>
        <div className="composer-below">
          <PageStrip scene={preview.scene} />
          <Findings findings={findings} held={held} />
        </div>
        <div className="composer-fields">
          <section
            className="section section-boxed"
            aria-label={t('compose.pageTitle', { page: pageAt + 1 })}
          >
            <div className="pad">
              <ZoneTabs />
              <ItemFields />
              <PlaceFields />
            </div>
          </section>
          <section className="section section-boxed" aria-label={t('compose.layout')}>
            <div className="pad">
              <h2 className="fields-title">{t('compose.layoutOf', { page: pageAt + 1 })}</h2>
              <LayoutPicker />
              <PageFields readMs={reads} />
            </div>
          </section>
        </div>
      </div>
      <div className="composer-actions">
        <div role="alert">
          {save.isError && (
            <span className="refusal">
              {textOf(save.error)} {t('compose.keptHere')}
            </span>
          )}
        </div>
        {held && findings.errors > 0 && (
          <span className="refusal" role="alert">
            {t('compose.held', { count: findings.errors })}
          </span>
        )}
        <Button
          variant="default"
          size="md"
          disabled={!may || saving.clean}
          loading={save.isPending}
          onClick={keepIt}
        >
          {t('action.save')}
        </Button>
        <Button size="md" disabled={!may} loading={save.isPending} onClick={putUp}>
          {t('compose.publish')}
        </Button>
      </div>
      {publishing && saving.saved !== null && (
        <PublishSheet
          programme={saving.saved}
          composition={composition}
          preview={preview}
          warnings={findings.warnings}
          close={publish.close}
        />
      )}
    </>
  );
}
