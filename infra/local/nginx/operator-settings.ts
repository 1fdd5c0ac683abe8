import { LocalError } from '../errors.ts';
import type { GatewaySettings } from './settings.ts';

type OperatorSettings = Pick<GatewaySettings, 'tlsMinimum' | 'hstsSeconds' | 'allowedOrigins' | 'frontProxies' | 'loadTestCidr' | 'regions' | 'traceShare'>;

const yearSeconds = 31_536_000;

/** What an operator says by the environment, wherever the gateway runs. @throws LocalError naming a variable that is wrong */
export function operatorSettings(environment: NodeJS.ProcessEnv, production: boolean): OperatorSettings {
  const hsts = environment['HSTS_SECONDS'];
  return {
    tlsMinimum: environment['TLS_MINIMUM'] === '1.3' ? '1.3' : '1.2',
    hstsSeconds: hsts ? Number(hsts) : production && isPublicHost(environment['PUBLIC_URL']) ? yearSeconds : undefined,
    allowedOrigins: list(environment['ALLOWED_ORIGINS']),
    frontProxies: list(environment['GATEWAY_TRUSTED_PROXIES']),
    loadTestCidr: environment['LOADTEST_CIDR'] || undefined,
    regions: list(environment['REGIONS']).map((entry) => ({ range: entry.split('=', 1)[0] ?? '', name: entry.split('=').slice(1).join('=') })),
    traceShare: traceShare(environment),
  };
}

// HSTS for localhost would lock this browser out of every other project on this machine.
const isPublicHost = (url: string | undefined): boolean => url !== undefined && !['localhost', '127.0.0.1', '[::1]'].includes(new URL(url).hostname);

/** One of a hundred requests is traced where nothing else is said (OTEL_TRACES_SAMPLER_ARG), and none without a collector. */
function traceShare(environment: NodeJS.ProcessEnv): number {
  if (!environment['OTEL_EXPORTER_OTLP_ENDPOINT']) return 0;
  const share = Number(environment['OTEL_TRACES_SAMPLER_ARG'] || '0.01');
  if (!(share >= 0.0001 && share <= 1)) throw new LocalError('OTEL_TRACES_SAMPLER_ARG is the share of requests to trace: a number from 0.0001 to 1.');
  return share;
}

const list = (text: string | undefined): string[] => (text ?? '').split(',').map((entry) => entry.trim()).filter((entry) => entry !== '');
