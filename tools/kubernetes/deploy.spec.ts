import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { projectFolder } from '@shopfleet/local';
import { afterAll, describe, expect, it } from 'vitest';

const folder = mkdtempSync(path.join(tmpdir(), 'deploy-'));
afterAll(() => rmSync(folder, { recursive: true }));
// There is no cluster: what would be said to it is written down.
writeFileSync(path.join(folder, 'kubectl'), '#!/bin/sh\necho "$@" >> "$SAID"\ncase "$*" in *" wait "*) exit "$MIGRATION" ;; esac\n', { mode: 0o755 });

function deploy(overlay: string, migration: 'works' | 'fails'): { readonly code: number | null; readonly said: readonly string[] } {
  const said = path.join(folder, `${overlay}-${migration}`);
  const environment = { PATH: `${folder}:${process.env['PATH'] ?? ''}`, SAID: said, MIGRATION: migration === 'works' ? '0' : '1' };
  const { status } = spawnSync('sh', [path.join(projectFolder, 'infra', 'k8s', 'deploy.sh'), overlay], { env: environment, stdio: 'pipe' });
  return { code: status, said: readFileSync(said, 'utf8').trim().split('\n') };
}

describe('infra/k8s/deploy.sh', () => {
  it('has the migration end before anything else is applied', () => {
    const { code, said } = deploy('production', 'works');
    expect(code).toBe(0);
    expect(said.every((line) => line.startsWith('--namespace shopfleet '))).toBe(true);
    const overlay = path.join(projectFolder, 'infra', 'k8s', 'overlays', 'production');
    expect(said.slice(0, 4).map((line) => line.replace('--namespace shopfleet ', ''))).toEqual([
      'delete job migration --ignore-not-found',
      `apply --kustomize ${overlay} --selector shopfleet.example/step=migration`,
      'wait --for=condition=complete --timeout=10m job/migration',
      `apply --kustomize ${overlay}`,
    ]);
    expect(said.slice(4).map((line) => /rollout status \S+ deployment\/(\S+)$/u.exec(line)?.[1])).toEqual(['product-service', 'cart-service', 'order-service', 'auth-service', 'notification-service', 'gateway']);
  });

  it('leaves what runs alone where the migration fails, and shows what it said', () => {
    const { code, said } = deploy('staging', 'fails');
    expect(code).toBe(1);
    expect(said.filter((line) => line.includes(' apply '))).toHaveLength(1);
    expect(said.at(-1)).toBe('--namespace shopfleet-staging logs job/migration --all-containers --prefix --tail=50');
  });
});
