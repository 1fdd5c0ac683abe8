import { fileURLToPath } from 'node:url';
import type { Tree } from '@nx/devkit';
import { addProject, pascalCase } from '../project.ts';

/** `nx g @shopfleet/generators:service returns --port 5700` */
export default async function service(tree: Tree, { name, port }: { readonly name: string; readonly port: number }): Promise<() => void> {
  const templates = fileURLToPath(new URL('files', import.meta.url));
  await addProject(tree, { root: `apps/${name}`, templates, substitutions: { name, port, pascal: pascalCase(name) } });
  return () => console.log(`Next: npm install, then give it an app in ecosystem.config.js (PORT ${port}) and a route in nginx/.`);
}
