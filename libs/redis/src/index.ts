export { COMMAND_TIMEOUT_MS, endpointOf } from './redis-options.ts';
export { RedisCacheClient, RedisStateClient, type ChannelListener } from './redis-client.ts';
export { RedisCacheCheck, RedisStateCheck } from './redis-check.ts';
export { RedisModule, type RedisModuleOptions } from './redis.module.ts';
export { asUnavailable, isRedisUnavailable } from './redis-unavailable.ts';
export { loadScript, type Script, type ScriptArgument } from './load-script.ts';
