export { readSets, removeBefore, setFolder, writeSet, type BackupSet } from './sets.ts';
export { openVault } from './shop.ts';
