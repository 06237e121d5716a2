import { Modal } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useMay } from '../../api/session.ts';

/** How a board comes to the house: a box behind LED panels, or any screen with a browser. */
export function PairBoard({ close }: { close: () => void }) {
  const { t } = useTranslation();
  const may = useMay('technician');
  const address = new URL('/board', window.location.href).href;
  return (
    <Modal
      opened
      onClose={close}
      title={t('boards.pair')}
      size="lg"
      closeButtonProps={{ 'aria-label': t('action.close') }}
    >
      <div className="pair-board">
        <section>
          <h3>{t('boards.pairLcd')}</h3>
          <p>{t('boards.pairLcdHow')}</p>
          <p>
            <a className="mono" href="/board" target="_blank" rel="noreferrer">
              {address}
            </a>
          </p>
        </section>
        <section>
          <h3>{t('boards.pairLed')}</h3>
          <p>{t('boards.pairLedHow')}</p>
        </section>
        <p className="hint">{t(may ? 'boards.pairThen' : 'boards.pairAskTechnician')}</p>
        <p>
          <Link to="/guide" hash="boardLed">
            {t('boards.pairGuide')}
          </Link>
        </p>
      </div>
    </Modal>
  );
}
