import { Autocomplete, Button, Drawer, FileInput, Stack, Textarea, TextInput } from '@mantine/core';
import { IconFile, IconUpload } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ask } from '../../api/ask.ts';
import { useFormat } from '../../words/format.ts';
import { uploadImage } from './image-uploads.ts';

const VERSION = /^\d{1,5}(\.\d{1,5}){0,3}$/;

/** Which file it is, for which model, and what its version is called. */
export function ImageForm({ close }: { close: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const models = useQuery(ask('GET /models'));
  const [file, setFile] = useState<File | null>(null);
  const [model, setModel] = useState('');
  const [version, setVersion] = useState('');
  const [note, setNote] = useState('');
  const [tried, setTried] = useState(false);
  const needed = (missing: boolean) => (tried && missing ? t('firmware.needed') : null);
  const versionOk = VERSION.test(version.trim());
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (file === null || model.trim() === '' || !versionOk) return;
    uploadImage(file, { model: model.trim(), version: version.trim(), note: note.trim() });
    close();
  };
  const names = [...new Set(models.data?.map((one) => one.model) ?? [])];
  return (
    <Drawer
      opened
      onClose={close}
      size="md"
      title={t('firmware.add')}
      closeButtonProps={{ 'aria-label': t('action.close') }}
    >
      <form onSubmit={submit} noValidate>
        <Stack>
          <FileInput
            label={t('firmware.file')}
            description={file === null ? t('firmware.fileHint') : format.bytes(file.size)}
            placeholder={t('firmware.choose')}
            leftSection={<IconFile size={18} />}
            value={file}
            onChange={setFile}
            error={needed(file === null)}
            clearable
            required
          />
          <Autocomplete
            label={t('firmware.model')}
            description={t('firmware.modelHint')}
            data={names}
            value={model}
            onChange={setModel}
            maxLength={64}
            error={needed(model.trim() === '')}
            required
          />
          <TextInput
            label={t('firmware.version')}
            description={t('firmware.versionHint')}
            placeholder="1.4.0"
            value={version}
            onChange={(event) => setVersion(event.currentTarget.value)}
            error={tried && !versionOk ? t('firmware.versionWrong') : null}
            required
          />
          <Textarea
            label={t('firmware.noteLabel')}
            placeholder={t('firmware.noteHint')}
            value={note}
            onChange={(event) => setNote(event.currentTarget.value)}
            maxLength={2_000}
            autosize
            minRows={2}
          />
          <Button type="submit" leftSection={<IconUpload size={18} />}>
            {t('firmware.send')}
          </Button>
        </Stack>
      </form>
    </Drawer>
  );
}
