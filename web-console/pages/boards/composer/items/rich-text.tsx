import { ActionIcon, Tooltip } from '@mantine/core';
import { IconAlignCenter, IconAlignLeft, IconAlignRight, IconBold, IconList } from '@tabler/icons-react';
import { type ClipboardEvent, type ReactNode, useEffect, useId, useLayoutEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { Paragraph } from '#devices/scene/text';
import { letters, palette } from '../model/colours.ts';
import { paragraphsOfHtml } from '../paste/clean.ts';
import { paragraphsOfText } from '../paste/plain.ts';
import { htmlOf } from '../paste/write.ts';

/** What is on the clipboard, as a board can show it. */
function pasted(data: DataTransfer): Paragraph[] {
  const html = data.getData('text/html');
  const rich = html === '' ? [] : paragraphsOfHtml(html, palette);
  return rich.length > 0 ? rich : paragraphsOfText(data.getData('text/plain'));
}

/**
 * Bold, the palette's colours, bullets, three alignments; everything else that a person pastes is taken off.
 * The browser holds the letters while they are typed, so that every way of typing Vietnamese works; what it holds is
 * read back into paragraphs after each change.
 */
export function RichText({
  label,
  value,
  ground,
  turn,
  onChange,
}: {
  label: string;
  value: readonly Paragraph[];
  ground: string;
  /** Grows when the value was changed from elsewhere on purpose, by undoing. */
  turn: number;
  onChange: (paragraphs: Paragraph[]) => void;
}) {
  const { t } = useTranslation();
  const id = useId();
  const field = useRef<HTMLDivElement>(null);
  const written = useRef<readonly Paragraph[] | null>(null);

  // The browser's letters are written anew only when the value is not what was read from them.
  // biome-ignore lint/correctness/useExhaustiveDependencies: an undoing counts even where it came back to the same value
  useLayoutEffect(() => {
    if (field.current === null || value === written.current) return;
    written.current = value;
    field.current.innerHTML = htmlOf(value);
  }, [value, turn]);
  useEffect(() => {
    // Spans with a style instead of <font>, and paragraphs instead of bare lines.
    document.execCommand('styleWithCSS', false, 'true');
    document.execCommand('defaultParagraphSeparator', false, 'p');
  }, []);

  const read = () => {
    if (field.current === null) return;
    const paragraphs = paragraphsOfHtml(field.current.innerHTML, palette);
    written.current = paragraphs;
    onChange(paragraphs);
  };
  /** `execCommand` is old, and still the one way to edit what is selected that every browser has and undoes as one. */
  const command = (name: string, argument?: string) => {
    field.current?.focus();
    document.execCommand('styleWithCSS', false, name === 'bold' ? 'false' : 'true');
    document.execCommand(name, false, argument);
    read();
  };
  const paste = (event: ClipboardEvent) => {
    event.preventDefault();
    const found = pasted(event.clipboardData);
    const [only] = found;
    const inline =
      found.length === 1 && only !== undefined && only.bullet !== true && only.align === undefined;
    const html = htmlOf(found);
    command('insertHTML', inline ? html.replace(/^<p>|<\/p>$/g, '') : html);
  };
  const tool = (name: string, icon: ReactNode, act: () => void) => (
    <Tooltip label={name}>
      <ActionIcon
        size={44}
        variant="subtle"
        color="gray"
        aria-label={name}
        // The selection stays in the text.
        onMouseDown={(event) => event.preventDefault()}
        onClick={act}
      >
        {icon}
      </ActionIcon>
    </Tooltip>
  );
  return (
    <div>
      <span id={id} className="rich-label mantine-InputWrapper-label">
        {label}
      </span>
      <div className="rich">
        <div className="rich-bar" role="toolbar" aria-label={t('compose.richTools')}>
          {tool(t('compose.bold'), <IconBold size={20} />, () => command('bold'))}
          {tool(t('compose.bullets'), <IconList size={20} />, () => command('insertUnorderedList'))}
          {tool(t('compose.aligned.start'), <IconAlignLeft size={20} />, () => command('justifyLeft'))}
          {tool(t('compose.aligned.center'), <IconAlignCenter size={20} />, () => command('justifyCenter'))}
          {tool(t('compose.aligned.end'), <IconAlignRight size={20} />, () => command('justifyRight'))}
          <div className="rich-letters">
            {letters
              .filter(({ value: letter }) => letter !== ground)
              .map(({ name, value: letter }) => (
                <button
                  key={name}
                  type="button"
                  aria-label={t('compose.inColour', { colour: t(`compose.colours.${name}`) })}
                  title={t(`compose.colours.${name}`)}
                  onMouseDown={(event) => event.preventDefault()}
                  onClick={() => command('foreColor', letter)}
                >
                  <span style={{ background: letter }} />
                </button>
              ))}
          </div>
        </div>
        {/* biome-ignore lint/a11y/useSemanticElements: no field of a form holds rich text */}
        <div
          ref={field}
          className="rich-text"
          style={{ background: ground }}
          contentEditable
          suppressContentEditableWarning
          role="textbox"
          tabIndex={0}
          aria-multiline="true"
          aria-labelledby={id}
          spellCheck={false}
          onInput={read}
          onPaste={paste}
          onDrop={(event) => event.preventDefault()}
        />
      </div>
    </div>
  );
}
