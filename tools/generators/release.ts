import { globSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import versionActions from '@nx/js/src/release/version-actions';

// What a release does to each package is what Nx does (nx.json names this file).
export default versionActions.default;

/** The files beside packages that name a version of the images. */
export const deploymentFiles = ['docker-compose.prod.yml', 'tools/compose/test.yml', 'infra/k8s/overlays/*/kustomization.yaml', 'infra/render/render.yaml'];

// ${SHOPFLEET_VERSION:-1.2.3}; newTag: 1.2.3; url: '…/app:1.2.3'. Images of others have none of these in front.
const version = /(?<=\$\{SHOPFLEET_VERSION:-|newTag: |\/shopfleet\/(?:app|gateway):)\d+\.\d+\.\d+(?:-[\w.]+)?/gu;

/** The versions of the shop's images that a text names. */
export const versionsIn = (text: string): readonly string[] => text.match(version) ?? [];

/** The text with the shop's images of another version. */
export const withVersion = (text: string, to: string): string => text.replaceAll(version, to);

/** When each package has its version: the lock file, and the images that deployments take. */
export const afterAllProjectsVersioned: typeof versionActions.afterAllProjectsVersioned = async (root, options) => {
  const { changedFiles, deletedFiles } = await versionActions.afterAllProjectsVersioned(root, options);
  const files = globSync(deploymentFiles, { cwd: root });
  if (options.dryRun !== true) {
    const released = (JSON.parse(readFileSync(path.join(root, 'apps', 'product', 'package.json'), 'utf8')) as { readonly version: string }).version;
    for (const file of files) writeFileSync(path.join(root, file), withVersion(readFileSync(path.join(root, file), 'utf8'), released));
  }
  return { changedFiles: [...changedFiles, ...files], deletedFiles };
};
