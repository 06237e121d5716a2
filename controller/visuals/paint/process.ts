import { type PaintAnswer, PaintJob } from './jobs.ts';
import { makeFit, makeThumbnail, take, Unreadable } from './pictures.ts';
import { drawScene } from './scene-picture.ts';

/**
 * The process that decodes pictures from outside, one at a time: what kills it, kills nothing else. It knows no key and no
 * database, and ends with the controller.
 */
async function paint(job: PaintJob) {
  switch (job.type) {
    case 'take':
      return take(job);
    case 'thumbnail':
      return makeThumbnail(job);
    case 'fit':
      return makeFit(job);
    case 'scene':
      return drawScene(job);
  }
}

const answer = (message: PaintAnswer): void => {
  process.send?.(message);
};

process.on('message', (message: { id: number; job: unknown }) => {
  const { id } = message;
  Promise.resolve()
    .then(() => paint(PaintJob.parse(message.job)))
    .then((painted) => answer({ id, painted, refusal: null }))
    .catch((error: unknown) => {
      const detail = error instanceof Error ? error.message : String(error);
      const code = error instanceof Unreadable ? 'broken-picture' : 'failed';
      answer({ id, painted: null, refusal: { code, detail } });
    });
});
process.on('disconnect', () => process.exit());
