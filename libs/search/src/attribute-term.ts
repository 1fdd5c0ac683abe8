/**
 * An attribute as it is indexed: case makes no difference.
 *
 * @example attributeTerm('Colour', 'Sea Green') // 'colour=sea green'
 */
export function attributeTerm(name: string, value: string): string {
  return `${name.toLowerCase()}=${value.trim().toLowerCase()}`;
}
