import { fileURLToPath } from 'node:url';
import type { Tree } from '@nx/devkit';
import { addProject, camelCase } from '../project.ts';

/** `nx g @shopfleet/generators:library pricing` */
export default async function library(tree: Tree, { name }: { readonly name: string }): Promise<() => void> {
  const templates = fileURLToPath(new URL('files', import.meta.url));
  await addProject(tree, { root: `libs/${name}`, templates, substitutions: { name, camel: camelCase(name) } });
  return () => console.log(`Next: npm install (links @shopfleet/${name}). It may import kernel only; what else it may is said in eslint.config.mjs.`);
}
