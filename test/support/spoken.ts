import { writeFile } from 'node:fs/promises';
import ESpeakNg from 'espeak-ng';

const BULLETIN = [
  'Đài truyền thanh phường Phù Vân.',
  'Kính thưa bà con nhân dân, sáng nay trời nắng, chiều có mưa rào và dông vài nơi.',
  'Ủy ban nhân dân phường thông báo lịch tiêm phòng cho trẻ em vào sáng thứ tư tại trạm y tế.',
  'Đề nghị bà con đưa các cháu đến đúng giờ.',
].join(' ');

/** Writes real Vietnamese speech, some 15 s of it, as a 22.05 kHz WAV file; quiet, as people record. */
export async function speakTo(file: string, text = BULLETIN): Promise<void> {
  const engine = await ESpeakNg({ arguments: ['-v', 'vi', '-a', '40', '-w', 'spoken.wav', text] });
  await writeFile(file, engine.FS.readFile('spoken.wav'));
}
