/** Whether topics match a filter with `+` and `#` (MQTT 3.1.1 §4.7). Split once, asked often. */
export function topicMatcher(filter: string): (topic: string) => boolean {
  const levels = filter.split('/');
  const open = levels.at(-1) === '#';
  const fixed = open ? levels.slice(0, -1) : levels;
  return (topic) => {
    if (topic.startsWith('$') && !filter.startsWith('$')) return false;
    const parts = topic.split('/');
    if (open ? parts.length < fixed.length : parts.length !== fixed.length) return false;
    return fixed.every((level, index) => level === '+' || level === parts[index]);
  };
}
