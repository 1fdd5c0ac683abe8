import { readdirSync } from 'node:fs';
import path from 'node:path';
import { commandLine, projectFolder } from '@shopfleet/local';
import { parseAllDocuments } from 'yaml';
import { promises, type KubernetesObject } from './src/promises.ts';
import { obtainTools, runTool, schemaVersions } from './src/tools.ts';

commandLine({
  command: 'test:kubernetes',
  help: `npm run test:kubernetes   renders every overlay with kustomize, holds each object against the schemas of Kubernetes with kubeconform,
                          and checks what no schema knows. Needs Go and Python with pip, which bring the programs and the schemas.`,
  options: {},
});

const folder = path.join(projectFolder, 'infra', 'k8s', 'overlays');

const tools = await obtainTools().catch((error: unknown) => {
  process.stderr.write(`The Kubernetes check did NOT run: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(3);
});

let passed = 0;
let failed = 0;
const count = (title: string, complaints: readonly string[]): void => {
  if (complaints.length === 0) passed += 1;
  else failed += 1;
  process.stdout.write(`  ${complaints.length === 0 ? '✓' : '✗'} ${[title, ...complaints].join('\n      ')}\n`);
};

for (const overlay of readdirSync(folder)) {
  process.stdout.write(`\n=== ${overlay}\n`);
  const rendered = await runTool(tools.kustomize, ['build', path.join(folder, overlay)]);
  count('kustomize renders it', rendered.code === 0 ? [] : [rendered.output.trim()]);
  if (rendered.code !== 0) continue;
  for (const version of schemaVersions) {
    const schemas = path.join(tools.schemas, version, '{{ .ResourceKind }}{{ .KindSuffix }}.json');
    const { code, output } = await runTool(tools.kubeconform, ['-strict', '-summary', '-schema-location', schemas, '-'], rendered.output);
    count(`kubeconform, Kubernetes ${version}: ${output.trim().split('\n').at(-1) ?? ''}`, code === 0 ? [] : output.trim().split('\n'));
  }
  const objects = parseAllDocuments(rendered.output).map((document) => document.toJS() as KubernetesObject);
  for (const { title, complaints } of promises(overlay, objects)) count(title, complaints);
}
process.stdout.write(`\n${passed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
