export { addressRange, commaList, failPointEnvironment, imageStoreEnvironment, mongoEnvironment, rabbitEnvironment, redisEnvironment, serviceEnvironment, webUrl } from './environment.ts';
export { ConfigError, loadConfig, parseEnvironment, withFiles } from './load-config.ts';
export { unsafeSecrets } from './production-secrets.ts';
