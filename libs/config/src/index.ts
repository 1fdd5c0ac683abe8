export { failPointEnvironment, mongoEnvironment, rabbitEnvironment, redisEnvironment, serviceEnvironment } from './environment.ts';
export { ConfigError, loadConfig, parseEnvironment } from './load-config.ts';
export { unsafeSecrets } from './production-secrets.ts';
