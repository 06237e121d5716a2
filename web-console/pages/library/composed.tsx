import { Button } from '@mantine/core';
import { IconPencil } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { BoardContent } from '#controller/http/contract/library';
import { Still } from '../boards/scene/still.tsx';

const USUAL = { width: 320, height: 160 };

/** What was composed for the boards, and the way to where it is changed. */
export function Composed({ id, board: { scene, format } }: { id: string; board: BoardContent }) {
  const { t } = useTranslation();
  const { width, height } = format ?? scene.grid ?? USUAL;
  return (
    <figure className="board">
      <Still scene={scene} width={width} height={height} />
      <figcaption>
        <Button
          variant="default"
          leftSection={<IconPencil size={18} />}
          renderRoot={(props) => <Link to="/boards/compose" search={{ programme: id }} {...props} />}
        >
          {t('compose.openInComposer')}
        </Button>
      </figcaption>
    </figure>
  );
}
