import { execFile, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const kustomize = 'sigs.k8s.io/kustomize/kustomize/v5@v5.7.1';
const kubeconform = 'github.com/yannh/kubeconform/cmd/kubeconform@v0.7.0';
// A Python package that carries the schemas of thirteen versions of Kubernetes: nothing is fetched while checking.
const schemas = 'kubernetes-validate==1.37.0';

/** The versions of Kubernetes that everything is held against. */
export const schemaVersions = ['1.31.0', '1.37.0'] as const;

export interface Tools {
  readonly kustomize: string;
  readonly kubeconform: string;
  /** Folder of the schemas, with a folder for each of `schemaVersions`. */
  readonly schemas: string;
}

/** How long an installation may take: a proxy that does not answer would hold it up for ever. */
const patienceMs = 240_000;

/** Installs what is missing into a folder of the system's temporary files. @throws Error that says what cannot be had */
export async function obtainTools(): Promise<Tools> {
  const folder = path.join(tmpdir(), 'shopfleet-kubernetes');
  mkdirSync(folder, { recursive: true });
  const attempts = [goProgram(folder, 'kustomize', kustomize), goProgram(folder, 'kubeconform', kubeconform), schemaFolder(folder)] as const;
  // None is left behind when another fails.
  await Promise.allSettled(attempts);
  const [first, second, third] = await Promise.all(attempts);
  return { kustomize: first, kubeconform: second, schemas: third };
}

async function goProgram(folder: string, name: string, module: string): Promise<string> {
  const program = path.join(folder, name);
  if (existsSync(program)) return program;
  const go = process.env['GO'] || 'go';
  await run(go, ['version']).catch(() => {
    throw new Error(`Go is not installed, and ${name} is a Go program. Install Go, or name it by GO=/path/to/go.`);
  });
  await run(go, ['install', module], { env: { ...process.env, GOBIN: folder, GOFLAGS: '-mod=mod' }, maxBuffer: 1 << 26, timeout: patienceMs }).catch((error: unknown) => {
    throw new Error(`${name} could not be had (${String(error).slice(0, 300)})`);
  });
  return program;
}

async function schemaFolder(folder: string): Promise<string> {
  const target = path.join(folder, 'schemas');
  if (existsSync(target)) return target;
  const unpacked = path.join(folder, `wheel-${process.pid}`);
  await run('python3', ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-deps', '--only-binary', ':all:', '--target', unpacked, schemas], { maxBuffer: 1 << 26, timeout: patienceMs }).catch((error: unknown) => {
    throw new Error(`the schemas could not be had: Python 3 with pip is needed (${String(error).slice(0, 300)})`);
  });
  const inside = path.join(unpacked, 'kubernetes_validate', 'kubernetes-json-schema');
  for (const version of schemaVersions) {
    const from = path.join(inside, `v${version}-local-strict`);
    mkdirSync(path.join(unpacked, 'schemas', version), { recursive: true });
    for (const name of readdirSync(from)) writeFileSync(path.join(unpacked, 'schemas', version, name), local(readFileSync(path.join(from, name), 'utf8')));
  }
  renameSync(path.join(unpacked, 'schemas'), target);
  rmSync(unpacked, { recursive: true });
  return target;
}

/** The files call themselves addresses of the web, and refer to each other so: kubeconform would look there. */
const local = (schema: string): string => schema.replace(/"\$id": "[^"]*",?/u, '').replace(/,(?=\s*\}\s*$)/u, '').replaceAll('"/api/_definitions.json#', '"_definitions.json#');

/** Runs a program with a text as its input; both streams of what it says. */
export function runTool(program: string, args: readonly string[], input = ''): Promise<{ code: number; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'] });
    const chunks: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code: code ?? 1, output: Buffer.concat(chunks).toString('utf8') }));
    child.stdin.end(input);
  });
}
