import { Failure } from '../failure.ts';
import { type Config, SETTINGS, type SettingName } from './settings.ts';

const names = Object.keys(SETTINGS) as SettingName[];

/**
 * Reads and checks every setting once.
 * @param environment such as `process.env`. An empty value counts as none.
 * @returns a frozen object.
 * @throws Failure `wrong-setting` naming the setting, its value and what it should be; unknown `LOA_…` names are
 *   refused too, since they are most often a slip of the pen that would otherwise silently do nothing.
 */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  for (const name of Object.keys(environment)) {
    if (name.startsWith('LOA_') && !Object.hasOwn(SETTINGS, name)) {
      throw new Failure(
        'wrong-setting',
        `${name} is not a setting; see --help for the list, and correct or unset it.`,
      );
    }
  }
  const config: Record<string, unknown> = {};
  for (const name of names) {
    const text = environment[name] || SETTINGS[name].default;
    const result = SETTINGS[name].schema.safeParse(text);
    if (!result.success) {
      const why = result.error.issues[0]?.message ?? 'it is not valid';
      throw new Failure(
        'wrong-setting',
        `${name}=${text} cannot be used: ${why}. It is ${SETTINGS[name].about}.`,
      );
    }
    config[name] = result.data;
  }
  return Object.freeze(config) as Config;
}

/** The table of `--help`. */
export function settingsHelp(): string {
  const width = Math.max(...names.map((name) => name.length));
  return names
    .map((name) => {
      const fallback = SETTINGS[name].default;
      return `  ${name.padEnd(width)}  ${SETTINGS[name].about}${fallback === undefined ? '' : ` [${fallback}]`}`;
    })
    .join('\n');
}
