import { Button, Popover, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconAspectRatio } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { reformatted } from './model/composition.ts';
import { FormatPicker } from './start/format-picker.tsx';
import { formatKey, useFormats } from './start/formats.ts';
import { useComposer } from './use-composer.tsx';

/** Which boards it is composed for; for another size every zone keeps its share, and undo brings the old one back. */
export function FormatMenu() {
  const { t } = useTranslation();
  const formats = useFormats();
  const [opened, menu] = useDisclosure(false);
  const { composition, edit } = useComposer();
  const { width, height } = composition.format;
  return (
    <Popover opened={opened} onChange={(to) => !to && menu.close()} position="bottom-end" trapFocus>
      <Popover.Target>
        <Button
          variant="default"
          size="md"
          px="sm"
          className="num"
          aria-label={t('compose.formatNow', { width, height })}
          aria-expanded={opened}
          onClick={menu.toggle}
        >
          <IconAspectRatio size={20} />
          <Text span inherit ml={8} visibleFrom="sm">
            {width} × {height}
          </Text>
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <FormatPicker
          formats={formats ?? []}
          value={formatKey(composition.format)}
          onChange={({ width: wide, height: high, pitchMm }) => {
            edit((before) => reformatted(before, { width: wide, height: high, pitchMm }));
            menu.close();
          }}
        />
      </Popover.Dropdown>
    </Popover>
  );
}
