import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../../words/format.ts';
import type { Capture } from './capture.ts';
import { FLOOR_DBFS, type Loudness } from './level.ts';

/** How often words and figures follow; the bar follows every picture. */
const WORDS_MS = 400;
const share = (dbfs: number): number => Math.min(1, Math.max(0, 1 - dbfs / FLOOR_DBFS));

/** How loud the voice is: a bar with its peak, and in words what to do about it. */
export function VoiceMeter({ capture, muted = false }: { capture: Capture; muted?: boolean }) {
  const { t } = useTranslation();
  const format = useFormat();
  const bar = useRef<HTMLDivElement>(null);
  const peak = useRef<HTMLDivElement>(null);
  const [loudness, setLoudness] = useState<Loudness | null>(null);
  const [peakDbfs, setPeakDbfs] = useState(FLOOR_DBFS);
  useEffect(() => {
    let picture = 0;
    // Sixty times a second past React: nothing but two transforms changes.
    const paint = () => {
      const { rmsDbfs, peakDbfs: highest } = capture.level;
      if (bar.current !== null) bar.current.style.transform = `scaleX(${share(rmsDbfs)})`;
      if (peak.current !== null) peak.current.style.left = `${share(highest) * 100}%`;
      picture = requestAnimationFrame(paint);
    };
    paint();
    const timer = window.setInterval(() => {
      setLoudness(capture.level.loudness);
      setPeakDbfs(Math.max(FLOOR_DBFS, Math.round(capture.level.peakDbfs)));
    }, WORDS_MS);
    return () => {
      cancelAnimationFrame(picture);
      window.clearInterval(timer);
    };
  }, [capture]);
  const words = t(`mic.loudness.${loudness ?? 'none'}`);
  return (
    <div className="voice" data-loudness={loudness ?? 'none'} data-muted={muted}>
      <meter
        className="visually-hidden"
        aria-label={t('mic.level')}
        min={FLOOR_DBFS}
        max={0}
        value={peakDbfs}
      >
        {words}
      </meter>
      <div className="voice-track" aria-hidden="true">
        <div className="voice-fill" ref={bar} />
        <div className="voice-peak" ref={peak} />
      </div>
      <div className="voice-words">
        <span aria-live="polite">{words}</span>
        <span className="num dim">{t('mic.peak', { value: format.number(peakDbfs) })}</span>
      </div>
    </div>
  );
}
