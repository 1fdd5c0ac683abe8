import { type Tree, formatFiles, generateFiles, readJson, updateJson } from '@nx/devkit';

interface TsConfig {
  readonly references?: readonly { readonly path: string }[];
}

export interface NewProject {
  /** `libs/pricing` or `apps/returns`. */
  readonly root: string;
  readonly templates: string;
  readonly substitutions: Readonly<Record<string, string | number>>;
}

/** Writes the templates and adds the project to the root build. @throws Error when the folder is taken */
export async function addProject(tree: Tree, { root, templates, substitutions }: NewProject): Promise<void> {
  if (tree.exists(`${root}/package.json`)) throw new Error(`${root} exists already: choose another name.`);
  generateFiles(tree, templates, root, { ...substitutions, tmpl: '', dot: '.' });
  const known = readJson<TsConfig>(tree, 'tsconfig.json').references ?? [];
  const references = [...known, { path: root }].sort((a, b) => (a.path < b.path ? -1 : 1));
  updateJson<TsConfig, TsConfig>(tree, 'tsconfig.json', (config) => ({ ...config, references }));
  await formatFiles(tree);
}

/** `price-book` → `PriceBook`. */
export function pascalCase(name: string): string {
  return name.replace(/(^|-)([a-z0-9])/gu, (_match, _hyphen, letter: string) => letter.toUpperCase());
}

/** `price-book` → `priceBook`. */
export function camelCase(name: string): string {
  const pascal = pascalCase(name);
  return pascal.charAt(0).toLowerCase() + pascal.slice(1);
}
