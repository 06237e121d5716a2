import { useTranslation } from 'react-i18next';
import type { Incident } from '#controller/http/contract/incidents';
import { Shape, type ShapeName, type Tone } from '../../parts/mark.tsx';
import { Section } from '../../parts/section.tsx';
import { useFormat } from '../../words/format.ts';
import { Reached } from './reached.tsx';
import { STEPS, type Step } from './steps.ts';

const signs: Record<Step, { shape: ShapeName; tone: Tone }> = {
  asked: { shape: 'ring', tone: 'quiet' },
  ready: { shape: 'half', tone: 'accent' },
  sounding: { shape: 'full', tone: 'good' },
  done: { shape: 'full', tone: 'quiet' },
  silent: { shape: 'cross', tone: 'bad' },
};

/** Who was asked, and how far each of them came; every number opens to its devices. */
export function Ladder({
  incident,
  open,
  setOpen,
}: {
  incident: Incident;
  open: Step | null;
  setOpen: (step: Step | null) => void;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const { counts, drill } = incident;
  const words = (step: Step) =>
    t(drill === 'silent' && step === 'ready' ? 'incidentStep.rehearsed' : `incidentStep.${step}`);
  return (
    <Section title={t('incidents.ladder')}>
      <div className="pad">
        <ol className="incident-steps">
          {STEPS.map((step) => (
            <li key={step}>
              <button
                type="button"
                className="incident-step"
                data-step={step}
                data-lit={counts[step] > 0}
                aria-expanded={open === step}
                onClick={() => setOpen(open === step ? null : step)}
              >
                <strong className="num">
                  {format.number(counts[step])}
                  {step !== 'asked' && <span className="dim">/{format.number(counts.asked)}</span>}
                </strong>
                <span className="mark">
                  <Shape {...signs[step]} tone={counts[step] > 0 ? signs[step].tone : 'quiet'} />
                  {words(step)}
                </span>
              </button>
            </li>
          ))}
        </ol>
        <div className="incident-bar" aria-hidden="true">
          {(['done', 'sounding', 'ready', 'silent'] as const).map((step) => (
            <span key={step} data-step={step} style={{ flexGrow: counts[step] }} />
          ))}
        </div>
        <p className="visually-hidden" role="status">
          {t('incidents.spoken', {
            sounding: format.number(counts.sounding),
            done: format.number(counts.done),
            silent: format.number(counts.silent),
            all: format.number(counts.asked),
          })}
        </p>
        {open !== null && open !== 'silent' && <Reached incident={incident} step={open} />}
      </div>
    </Section>
  );
}
