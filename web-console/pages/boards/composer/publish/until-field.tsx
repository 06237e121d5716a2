import { useTranslation } from 'react-i18next';
import { MomentField } from '../pages/moment-field.tsx';
import { UNTILS, type UntilChoice } from './until.ts';

/** Until when it stands: the usual choices at a tap, and any other moment. */
export function UntilField({
  choice,
  setChoice,
  moment,
  setMoment,
  wrong,
}: {
  choice: UntilChoice;
  setChoice: (choice: UntilChoice) => void;
  moment: number | null;
  setMoment: (moment: number | null) => void;
  /** Whether the moment is over, or further away than anything may stand. */
  wrong: boolean;
}) {
  const { t } = useTranslation();
  return (
    <fieldset className="plain-group publish-until">
      <legend>{t('compose.untilWhen')}</legend>
      <div className="chips">
        {UNTILS.map((name) => (
          <button
            key={name}
            type="button"
            className="chip"
            aria-pressed={choice === name}
            onClick={() => setChoice(name)}
          >
            {t(`compose.untils.${name}`)}
          </button>
        ))}
      </div>
      {choice === 'chosen' && (
        <MomentField label={t('compose.untilMoment')} value={moment} usual="17:00" onChange={setMoment} />
      )}
      {wrong && (
        <p className="field-error" role="alert">
          {t('compose.untilWrong')}
        </p>
      )}
    </fieldset>
  );
}
