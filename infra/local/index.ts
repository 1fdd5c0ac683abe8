// What other projects may use of the local stack: its servers (libs/testing) and the shape of an instance (tools).
export {
  Accounts,
  buildGoProgram,
  docker,
  endLeftovers,
  findNginx,
  freePorts,
  freeServerPorts,
  instanceOf,
  isAlive,
  killServer,
  nodeProgram,
  operatorName,
  portHolder,
  probe,
  programFolder,
  projectFolder,
  requireFreePort,
  runningServer,
  ServerError,
  serverNames,
  serviceAccounts,
  settings,
  startGoProgram,
  startReaper,
  startServer,
  startServers,
  stopServer,
  stopServers,
  urlFor,
  withLock,
  type AccountName,
  type GoProgram,
  type LaunchSpec,
  type Program,
  type Report,
  type RunningGoProgram,
  type RunningServer,
  type ServerKind,
  type ServerName,
  type ServerPlan,
  type ServerPorts,
  type Step,
} from './servers/index.ts';
export { memberUrl } from './servers/mongod-accounts.ts';
export { ensureReplicaSet } from './containers/replica-set.ts';
export { ensureSecrets } from './secrets.ts';
export { forgetMigrations } from './migration-mark.ts';
export { markSeeded } from './seed.ts';
export { installPackages } from './servers/packages.ts';
export { locate } from './servers/locate.ts';
export { dataPath, resolveInstance, type Instance, type Ports } from './instance.ts';
export { operatorEnvironment, readRunFile, settingsOf, type Environment, type RunFile } from './run-file.ts';
export { inspect, serversDir, type ShopState, type WorkerState } from './inspect.ts';
export { renderUpstream } from './nginx/render.ts';
export { metricsTargets, slotsPerService } from './gateway.ts';
export { poolSizes } from './pools.ts';
export { scaleService, workersInTraffic, type Scaled } from './scaling.ts';
export { writeWishes } from './wishes.ts';
export { clusterNames } from './worker-counts.ts';
export { commandLine, numberOption } from './command-line.ts';
export { LocalError, UsageError } from './errors.ts';
export { firstPurchase } from './first-purchase.ts';
