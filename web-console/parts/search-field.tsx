import { TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';

/** What narrows a list by words; its label is read out and stands in the empty field. */
export function SearchField({
  label,
  value,
  change,
  grow = false,
}: {
  label: string;
  value: string;
  change: (typed: string) => void;
  /** Whether it takes the room that the other filters leave. */
  grow?: boolean;
}) {
  return (
    <TextInput
      className={grow ? 'grow' : undefined}
      aria-label={label}
      placeholder={label}
      leftSection={<IconSearch size={18} />}
      type="search"
      value={value}
      onChange={(event) => change(event.currentTarget.value)}
    />
  );
}
