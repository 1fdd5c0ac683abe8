import { limitStoreBehaviour } from '../test/limit-store.behaviour.ts';
import { MemoryLimitStore } from './memory-limit-store.ts';

limitStoreBehaviour('MemoryLimitStore', () => new MemoryLimitStore());
